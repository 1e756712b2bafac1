"""Every encoding gives the same text, and a guess is never silent."""

from __future__ import annotations

import codecs

import pytest

from caremap.intake.reading import open_source
from caremap.problems import DataProblem
from tests.unit.intake.reading.languages import LANGUAGES, table

TEXT = "Patient ID,Ward,Cost\r\nP1,Chirurgie générale,£1\r\nP2,Zürich,£2\r\n"
ROWS = [["Patient ID", "Ward", "Cost"], ["P1", "Chirurgie générale", "£1"], ["P2", "Zürich", "£2"]]

PROVEN = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with BOM": codecs.BOM_UTF8 + TEXT.encode(),
    "UTF-16 LE": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16 BE": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-32 LE": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "UTF-32 BE": codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
}


@pytest.mark.parametrize("label", PROVEN)
def test_a_proven_encoding_is_read_without_a_note(label: str) -> None:
    opened = open_source(PROVEN[label])
    assert (opened.encoding, opened.notes) == (label, ())
    assert opened.sheets[0].head() == ROWS


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_bom_is_told_by_its_nul_bytes(codec: str) -> None:
    opened = open_source(TEXT.encode(codec))
    assert opened.encoding == codec.upper().replace("-LE", " LE").replace("-BE", " BE")
    assert opened.sheets[0].head() == ROWS


def test_western_bytes_are_read_as_windows_1252_and_said_so() -> None:
    opened = open_source(TEXT.encode("cp1252"))
    assert opened.encoding == "Windows-1252"
    assert [note.code for note in opened.notes] == ["encoding_guessed"]
    assert opened.sheets[0].head() == ROWS


def test_bytes_that_windows_1252_leaves_undefined_are_kept() -> None:
    assert open_source(b"a,\xe9\x81\n1,2\n").sheets[0].head()[0] == ["a", "é\x81"]


LEGACY = {
    "Shift-JIS (Japanese)": ("cp932", "患者ID,診療科,年齢\n1,循環器内科,34\n2,リハビリ科,75\n"),
    "EUC-JP (Japanese)": ("euc_jp", "患者ID,診療科,年齢\n1,循環器内科,34\n2,リハビリ科,75\n"),
    "GB18030 (Chinese)": ("gb18030", "患者编号,入院日期,科室,费用\n1,2024-04-03,心内科,10\n"),
    "Big5 (Chinese)": ("big5", "病患編號,入院日期,科別,費用\n1,2024-04-03,心臟內科,10\n"),
    "EUC-KR (Korean)": ("cp949", "환자번호,입원일,진료과\n1,2024-04-03,심장내과\n"),
    "Windows-1251 (Cyrillic)": ("cp1251", "Пациент,Отделение\n1,Кардиология\n2,Хирургия\n"),
    "KOI8-R (Cyrillic)": ("koi8_r", "Пациент,Отделение\n1,Кардиология\n2,Хирургия\n"),
    "Windows-1253 (Greek)": ("cp1253", "Ασθενής,Τμήμα\n1,Καρδιολογία\n2,Χειρουργική\n"),
    "Windows-1255 (Hebrew)": ("cp1255", "מטופל,תאריך קבלה,מחלקה\n1,2,קרדיולוגיה\n"),
    "Windows-1256 (Arabic)": ("cp1256", "رقم المريض,تاريخ الدخول\n1,2\n"),
    "Windows-1250 (Central European)": ("cp1250", "Oddział,Data przyjęcia\nPołożnictwo,1\n"),
    "Windows-1254 (Turkish)": ("cp1254", "Yatış Tarihi,Bölüm\n1,Göğüs\n2,Kadın Doğum\n"),
    "DOS 850 (Western European)": ("cp850", "Spécialité,Âge\nPédiatrie générale,4\n"),
    "Mac Roman (Western European)": ("mac_roman", "Spécialité,Âge\nPédiatrie générale,4\n"),
}


@pytest.mark.parametrize("label", LEGACY)
def test_a_legacy_encoding_is_guessed_aloud_with_alternatives(label: str) -> None:
    codec, text = LEGACY[label]
    opened = open_source(text.encode(codec))
    assert opened.encoding == label
    (note,) = opened.notes
    assert note.code == "encoding_guessed"
    assert opened.alternatives
    assert all(other in note.message for other in opened.alternatives)
    assert opened.sheets[0].head() == [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "Straße,Größe\nMünchner Straße,40 µg\n",
        "Días,Año\nNeumología,n.º 3 ½\n",
        "Internação,Situação\nSão João,Não à parte\n",
        "Navn,Årstal\nRøde å,ø\n",
        "L’été – “œuf”,1 €\nà,é\n",
    ],
)
def test_western_languages_are_not_taken_for_another_script(text: str) -> None:
    opened = open_source(text.encode("cp1252"))
    assert (opened.encoding, opened.alternatives) == ("Windows-1252", ())


@pytest.mark.parametrize("label", LEGACY)
def test_the_users_choice_of_encoding_is_followed(label: str) -> None:
    codec, text = LEGACY[label]
    opened = open_source(text.encode(codec), encoding=label)
    assert (opened.encoding, opened.notes) == (label, ())
    assert opened.sheets[0].head() == [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize("choice", ["UTF-8", "rot13", "zlib", "no such thing", "idna", "", "\x00"])
def test_a_choice_that_cannot_be_is_a_problem(choice: str) -> None:
    with pytest.raises(DataProblem):
        open_source(TEXT.encode("cp1252"), encoding=choice)


def test_a_few_foreign_bytes_do_not_spoil_a_utf_8_file() -> None:
    lines = ["id,ward"] + [f"{row},Chirurgie générale" for row in range(50)]
    data = "\n".join(lines).encode() + b"\n50,P\xe9diatrie\n"
    opened = open_source(data)
    (note,) = opened.notes
    assert (opened.encoding, note.code, note.rows) == ("UTF-8", "encoding_mixed", (52,))
    assert opened.sheets[0].head()[1] == ["0", "Chirurgie générale"]
    assert opened.sheets[0].head(99)[51] == ["50", "Pédiatrie"]


def test_nul_bytes_are_taken_out_and_their_rows_told() -> None:
    opened = open_source(b'a,b\n1,"x\ny"\n2,Sea\x00ttle\n3,ok\n4,\x00\x00z\n')
    (note,) = opened.notes
    assert (note.code, note.rows) == ("nul_removed", (3, 5))
    assert opened.sheets[0].head()[2] == ["2", "Seattle"]


def test_a_damaged_utf_16_file_says_so() -> None:
    data = codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + b"\x00\xd8x"
    assert [note.code for note in open_source(data).notes] == ["encoding_damaged"]


def test_a_bom_with_text_that_is_not_utf_8_is_read_as_what_it_is() -> None:
    opened = open_source(codecs.BOM_UTF8 + TEXT.encode("cp1252"))
    assert opened.encoding == "Windows-1252"
    assert opened.sheets[0].head() == ROWS


FILES = [
    (language, label, codec)
    for language, words in LANGUAGES.items()
    for label, codec in words.encodings.items()
]


def head(data: bytes, rows: int) -> tuple[str, tuple[str, ...], list[str]]:
    """Return the encoding, its alternatives and the lines as they were read."""
    opened = open_source(data, "stays.csv")
    lines = [",".join(map(str, row)) for row in opened.sheets[0].head(rows + 1)]
    return str(opened.encoding), opened.alternatives, lines


@pytest.mark.parametrize(("language", "label", "codec"), FILES)
@pytest.mark.parametrize("rows", [12, 40, 2000])
def test_a_hospital_table_of_any_language_is_decoded_right(
    language: str, label: str, codec: str, rows: int
) -> None:
    text = table(LANGUAGES[language], rows)
    _, _, lines = head(text.encode(codec), rows)
    assert lines == text.splitlines()


@pytest.mark.parametrize(("language", "label", "codec"), FILES)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_short_table_is_decoded_right_or_offers_the_right_encoding(
    language: str, label: str, codec: str, rows: int
) -> None:
    text = table(LANGUAGES[language], rows)
    if text.isascii():
        return
    _, alternatives, lines = head(text.encode(codec), rows)
    assert lines == text.splitlines() or label in alternatives


@pytest.mark.parametrize(("language", "label", "codec"), FILES)
def test_words_far_below_a_plain_beginning_decide(language: str, label: str, codec: str) -> None:
    plain = "id,unit,city,n\r\n" + "1,mg,Rome,2\r\n" * 9000
    words = LANGUAGES[language]
    below = "".join(
        f"7,{ward},{city},1\r\n"
        for ward in words.wards.split(",")
        for city in words.cities.split(",")
    )
    opened = open_source(plain.encode() + below.encode(codec), "stays.csv")
    body = opened.sheets[0].body(9002, 4)
    found = list(zip(body.columns[1].to_pylist(), body.columns[2].to_pylist(), strict=True))
    assert found == [tuple(line.split(",")[1:3]) for line in below.splitlines()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-32"])
@pytest.mark.parametrize("dense", [False, True])
def test_wide_encodings_are_proven_with_and_without_bom(
    language: str, codec: str, dense: bool
) -> None:
    words = LANGUAGES[language]
    line = words.wards.replace(",", "") + "," + words.cities.replace(",", "")
    text = f"{words.header}\r\n" + f"{line}\r\n" * 60 if dense else table(words)
    encoding, alternatives, lines = head(text.encode(codec), 99)
    assert encoding.startswith(codec[:6].upper())
    assert alternatives == ()
    assert lines == text.splitlines()


def test_a_byte_beyond_the_sample_that_fits_no_character_is_told() -> None:
    text = table(LANGUAGES["Japanese"], 9000).encode("cp932") + b"1,\x81\xff\xfd\xfe,2\r\n"
    opened = open_source(text, "stays.csv")
    assert opened.sheets[0].head(1)[0][0] == "患者番号"
    assert {note.code for note in opened.notes} == {"encoding_guessed", "encoding_damaged"}


def test_nul_bytes_that_stand_at_even_places_do_not_make_utf_16() -> None:
    data = b"a,b\n" + b"\x00 1,2\n" * 20_000
    opened = open_source(data)
    assert (opened.encoding, [note.code for note in opened.notes]) == ("UTF-8", ["nul_removed"])
    assert opened.sheets[0].body(2).columns[1].to_pylist() == ["2"] * 20_000


def test_many_stray_bytes_cost_no_more_than_reading_them() -> None:
    line = "é,2\n".encode() * 20 + b"\xe9,2\n"
    opened = open_source(b"a,b\n" + line * 20_000)
    (note,) = opened.notes
    assert (note.code, note.rows[:2]) == ("encoding_mixed", (22, 43))
    assert set(opened.sheets[0].body(2).columns[0].to_pylist()) == {"é"}
