"""Hospital tables in many languages, and the encodings such files come in."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LANGUAGES", "Language", "table"]


class Language(NamedTuple):
    """The words of a table: header, wards, cities; and the encodings of its files."""

    header: str
    wards: str
    cities: str
    encodings: dict[str, str]


JAPANESE = {"Shift-JIS (Japanese)": "cp932", "EUC-JP (Japanese)": "euc_jp"}
CHINESE = {"GB18030 (Chinese)": "gb18030"}
TAIWANESE = {"Big5 (Chinese)": "big5"}
KOREAN = {"EUC-KR (Korean)": "cp949"}
CYRILLIC = {
    "Windows-1251 (Cyrillic)": "cp1251",
    "KOI8-R (Cyrillic)": "koi8_r",
    "DOS 866 (Cyrillic)": "cp866",
}
CENTRAL = {
    "Windows-1250 (Central European)": "cp1250",
    "ISO-8859-2 (Central European)": "iso8859_2",
}
WESTERN = {
    "Windows-1252": "cp1252",
    "Mac Roman (Western European)": "mac_roman",
    "DOS 850 (Western European)": "cp850",
}

LANGUAGES: dict[str, Language] = {
    "Japanese": Language(
        "患者番号,入院日,退院日,診療科,病棟,市区町村,費用",
        "循環器内科,呼吸器内科,消化器外科,整形外科,小児科,産婦人科,耳鼻咽喉科,皮膚科,"
        "リハビリテーション科,脳神経外科,泌尿器科,眼科,救急センター,精神科,麻酔科",
        "札幌市,仙台市,さいたま市,千葉市,横浜市,名古屋市,京都市,大阪市,神戸市,広島市,福岡市,"
        "熊本市,つくば市,いわき市",
        JAPANESE,
    ),
    "Japanese, no kana": Language(
        "患者番号,入院日,退院日,診療科,病棟,性別,費用",
        "循環器内科,呼吸器内科,消化器外科,整形外科,小児科,産婦人科,皮膚科,脳神経外科,眼科",
        "札幌市,仙台市,千葉市,横浜市,名古屋市,京都市,大阪市,神戸市,広島市,福岡市",
        JAPANESE,
    ),
    "Chinese": Language(
        "患者编号,入院日期,出院日期,科室,病区,城市,费用",
        "心血管内科,呼吸内科,消化内科,神经外科,骨科,儿科,妇产科,眼科,耳鼻喉科,皮肤科,肿瘤科,"
        "急诊科,重症监护室,感染科,泌尿外科,内分泌科",
        "北京,上海,广州,深圳,成都,杭州,武汉,西安,南京,重庆,天津,苏州,长沙,沈阳,青岛",
        CHINESE,
    ),
    "Taiwanese": Language(
        "病患編號,入院日期,出院日期,科別,病房,城市,費用",
        "心臟內科,胸腔內科,腸胃科,神經外科,骨科,小兒科,婦產科,眼科,耳鼻喉科,皮膚科,腫瘤科,"
        "急診,加護病房,感染科,泌尿科,新陳代謝科",
        "臺北市,新北市,桃園市,臺中市,臺南市,高雄市,基隆市,新竹市,嘉義市,宜蘭縣,花蓮縣",
        TAIWANESE,
    ),
    "Korean": Language(
        "환자번호,입원일,퇴원일,진료과,병동,도시,비용",
        "심장내과,호흡기내과,소화기내과,신경외과,정형외과,소아청소년과,산부인과,안과,이비인후과,"
        "피부과,종양내과,응급의학과,중환자실,비뇨의학과,재활의학과",
        "서울,부산,대구,인천,광주,대전,울산,수원,창원,고양,용인,성남,청주,전주,제주",
        KOREAN,
    ),
    "Russian": Language(
        "Номер пациента,Дата поступления,Дата выписки,Отделение,Палата,Город,Стоимость",
        "Кардиология,Пульмонология,Гастроэнтерология,Нейрохирургия,Травматология,Педиатрия,"
        "Гинекология,Офтальмология,Отоларингология,Дерматология,Онкология,Реанимация,"
        "Инфекционное,Урология,Приёмный покой",
        "Москва,Санкт-Петербург,Новосибирск,Екатеринбург,Казань,Нижний Новгород,Челябинск,Самара,"
        "Омск,Ростов-на-Дону,Уфа,Красноярск,Воронеж,Пермь",
        CYRILLIC,
    ),
    "Ukrainian": Language(
        "Номер пацієнта,Дата госпіталізації,Дата виписки,Відділення,Палата,Місто,Вартість",
        "Кардіологія,Пульмонологія,Гастроентерологія,Нейрохірургія,Травматологія,Педіатрія,"
        "Гінекологія,Офтальмологія,Дерматологія,Онкологія,Реанімація,Інфекційне,Урологія",
        "Київ,Харків,Одеса,Дніпро,Донецьк,Запоріжжя,Львів,Кривий Ріг,Миколаїв,Вінниця,Полтава",
        {"Windows-1251 (Cyrillic)": "cp1251"},
    ),
    "Bulgarian": Language(
        "Номер на пациент,Дата на приемане,Дата на изписване,Отделение,Стая,Град,Цена",
        "Кардиология,Белодробно,Хирургия,Неврохирургия,Ортопедия,Педиатрия,Акушерство,Очно,Кожно,"
        "Онкология,Реанимация,Инфекциозно,Урология,Спешно",
        "София,Пловдив,Варна,Бургас,Русе,Стара Загора,Плевен,Сливен,Добрич,Шумен,Перник",
        {"Windows-1251 (Cyrillic)": "cp1251"},
    ),
    "Greek": Language(
        "Αριθμός ασθενούς,Ημερομηνία εισαγωγής,Ημερομηνία εξόδου,Τμήμα,Θάλαμος,Πόλη,Κόστος",
        "Καρδιολογική,Πνευμονολογική,Γαστρεντερολογική,Νευροχειρουργική,Ορθοπεδική,Παιδιατρική,"
        "Γυναικολογική,Οφθαλμολογική,Ωτορινολαρυγγολογική,Δερματολογική,Ογκολογική,"
        "Ουρολογική,Επείγοντα",
        "Αθήνα,Θεσσαλονίκη,Πάτρα,Ηράκλειο,Λάρισα,Βόλος,Ιωάννινα,Χανιά,Χαλκίδα,Καβάλα,Καλαμάτα",
        {"Windows-1253 (Greek)": "cp1253"},
    ),
    "Hebrew": Language(
        "מספר מטופל,תאריך קבלה,תאריך שחרור,מחלקה,חדר,עיר,עלות",
        "קרדיולוגיה,ריאות,גסטרואנטרולוגיה,נוירוכירורגיה,אורתופדיה,ילדים,נשים ויולדות,עיניים,"
        "אף אוזן גרון,עור,אונקולוגיה,טיפול נמרץ,אורולוגיה,מיון",
        "ירושלים,תל אביב,חיפה,ראשון לציון,פתח תקווה,אשדוד,נתניה,באר שבע,חולון,בני ברק,רמת גן",
        {"Windows-1255 (Hebrew)": "cp1255"},
    ),
    "Arabic": Language(
        "رقم المريض,تاريخ الدخول,تاريخ الخروج,القسم,الغرفة,المدينة,التكلفة",
        "أمراض القلب,أمراض الصدر,الجهاز الهضمي,جراحة الأعصاب,العظام,الأطفال,النساء والولادة,العيون,"
        "الأنف والأذن والحنجرة,الجلدية,الأورام,العناية المركزة,المسالك البولية,الطوارئ",
        "الرياض,جدة,مكة المكرمة,المدينة المنورة,الدمام,القاهرة,الإسكندرية,عمان,بيروت,دمشق,بغداد",
        {"Windows-1256 (Arabic)": "cp1256"},
    ),
    "Thai": Language(
        "รหัสผู้ป่วย,วันที่รับเข้า,วันที่จำหน่าย,แผนก,หอผู้ป่วย,จังหวัด,ค่าใช้จ่าย",
        "อายุรกรรม,ศัลยกรรม,กุมารเวชกรรม,สูตินรีเวชกรรม,จักษุ,โสต ศอ นาสิก,ออร์โธปิดิกส์,ผิวหนัง,"
        "มะเร็ง,หออภิบาลผู้ป่วยหนัก,ระบบทางเดินปัสสาวะ,ฉุกเฉิน",
        "กรุงเทพมหานคร,เชียงใหม่,ขอนแก่น,นครราชสีมา,สงขลา,ชลบุรี,ภูเก็ต,อุดรธานี,สุราษฎร์ธานี",
        {"Windows-874 (Thai)": "cp874"},
    ),
    "Polish": Language(
        "Numer pacjenta,Data przyjęcia,Data wypisu,Oddział,Łóżko,Miasto,Koszt",
        "Kardiologia,Choroby płuc,Gastroenterologia,Neurochirurgia,Ortopedia,Pediatria,Położnictwo,"
        "Okulistyka,Laryngologia,Skórny,Onkologia,Intensywna terapia,Zakaźny,Urologia,Izba przyjęć",
        "Warszawa,Kraków,Łódź,Wrocław,Poznań,Gdańsk,Szczecin,Bydgoszcz,Białystok,Częstochowa,Toruń",
        CENTRAL,
    ),
    "Czech": Language(
        "Číslo pacienta,Datum přijetí,Datum propuštění,Oddělení,Lůžko,Město,Náklady",
        "Kardiologie,Plicní,Chirurgie,Neurochirurgie,Ortopedie,Dětské,Porodnice,Oční,Kožní,Onkologie,"
        "Jednotka intenzivní péče,Infekční,Urologie,Příjem,Ušní nosní krční",
        "Praha,Brno,Ostrava,Plzeň,Liberec,Olomouc,České Budějovice,Hradec Králové,Ústí,Zlín",
        CENTRAL,
    ),
    "Hungarian": Language(
        "Betegazonosító,Felvétel dátuma,Távozás dátuma,Osztály,Ágy,Város,Költség",
        "Kardiológia,Tüdőgyógyászat,Gasztroenterológia,Idegsebészet,Ortopédia,Gyermekosztály,Szülészet,"
        "Szemészet,Bőrgyógyászat,Onkológia,Intenzív osztály,Fertőző,Urológia,Sürgősségi,Fülészet",
        "Budapest,Debrecen,Szeged,Miskolc,Pécs,Győr,Nyíregyháza,Kecskemét,Székesfehérvár,Szombathely",
        CENTRAL,
    ),
    "Croatian": Language(
        "Broj pacijenta,Datum prijema,Datum otpusta,Odjel,Ležaj,Grad,Trošak",
        "Kardiologija,Plućne bolesti,Kirurgija,Neurokirurgija,Ortopedija,Dječji odjel,Rodilište,"
        "Očni odjel,Kožne bolesti,Onkologija,Intenzivno liječenje,Urologija,Hitna služba",
        "Zagreb,Split,Rijeka,Osijek,Zadar,Pula,Slavonski Brod,Karlovac,Varaždin,Šibenik,Čakovec",
        CENTRAL,
    ),
    "Turkish": Language(
        "Hasta Numarası,Yatış Tarihi,Çıkış Tarihi,Bölüm,Oda,Şehir,Ücret",
        "Kardiyoloji,Göğüs Hastalıkları,Dahiliye,Beyin Cerrahisi,Ortopedi,Çocuk,Kadın Doğum,"
        "Göz Hastalıkları,Kulak Burun Boğaz,Cildiye,Onkoloji,Yoğun Bakım,Enfeksiyon,Üroloji,Acil",
        "İstanbul,Ankara,İzmir,Bursa,Antalya,Adana,Konya,Gaziantep,Şanlıurfa,Eskişehir,Diyarbakır",
        {"Windows-1254 (Turkish)": "cp1254"},
    ),
    "French": Language(
        "Numéro patient,Date d'entrée,Date de sortie,Spécialité,Unité,Ville,Coût",
        "Cardiologie,Pneumologie,Gastro-entérologie,Neurochirurgie,Orthopédie,Pédiatrie,Maternité,"
        "Ophtalmologie,Oto-rhino-laryngologie,Dermatologie,Oncologie,Réanimation,Urologie,Urgences,"
        "Hôpital de jour,Médecine générale",
        "Paris,Marseille,Lyon,Nîmes,Besançon,Orléans,Saint-Étienne,Béziers,Angoulême,Évreux,Mâcon",
        WESTERN,
    ),
    "German": Language(
        "Patientennummer,Aufnahme,Entlassung,Abteilung,Bettenzahl,Straße,Größe",
        "Kardiologie,Lungenheilkunde,Chirurgie,Neurochirurgie,Orthopädie,Pädiatrie,Gynäkologie,"
        "Augenheilkunde,Hals-Nasen-Ohren,Hautklinik,Onkologie,Intensivpflege,Urologie,Notaufnahme",
        "Berlin,München,Köln,Düsseldorf,Nürnberg,Lübeck,Gießen,Göttingen,Würzburg,Saarbrücken,Fürth",
        WESTERN,
    ),
    "Spanish": Language(
        "Número de paciente,Fecha de ingreso,Fecha de alta,Servicio,Habitación,Ciudad,Año",
        "Cardiología,Neumología,Digestivo,Neurocirugía,Traumatología,Pediatría,Obstetricia,"
        "Oftalmología,Otorrinolaringología,Dermatología,Oncología,Cuidados intensivos,Urología",
        "Madrid,Málaga,Córdoba,A Coruña,León,Cádiz,Logroño,Jaén,Ávila,Mérida,Cáceres,Almería",
        WESTERN,
    ),
    "Portuguese": Language(
        "Número do paciente,Data de admissão,Data da alta,Serviço,Situação,Município,Preço",
        "Cardiologia,Pneumologia,Cirurgia,Neurocirurgia,Ortopedia,Pediatria,Obstetrícia,"
        "Dermatologia,Oncologia,Terapia intensiva,Infecção hospitalar,Urologia,Urgência",
        "São Paulo,Brasília,Goiânia,Belém,São Luís,Maceió,Florianópolis,João Pessoa,Cuiabá",
        WESTERN,
    ),
    "Swedish": Language(
        "Patientnummer,Inläggning,Utskrivning,Avdelning,Vårdplats,Ort,Kostnad",
        "Kardiologi,Lungmedicin,Kirurgi,Neurokirurgi,Ortopedi,Barnmedicin,Förlossning,Ögonklinik,"
        "Öron näsa hals,Hud,Onkologi,Intensivvård,Infektion,Urologi,Akutmottagning",
        "Stockholm,Göteborg,Malmö,Uppsala,Västerås,Örebro,Linköping,Jönköping,Norrköping,Gävle,Luleå",
        WESTERN,
    ),
}


def table(language: Language, rows: int = 40) -> str:
    """Write a table of stays whose places change from row to row."""
    wards, cities = language.wards.split(","), language.cities.split(",")
    lines = [language.header]
    for row in range(rows):
        admitted, discharged = f"2024-03-{row % 28 + 1:02}", f"2024-04-{row % 28 + 1:02}"
        ward, city = wards[row % len(wards)], cities[(row * 3) % len(cities)]
        lines.append(f"{100 + row},{admitted},{discharged},{ward},{row % 9},{city},{row * 37}")
    return "\r\n".join(lines) + "\r\n"
