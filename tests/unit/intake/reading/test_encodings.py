"""Every encoding gives the same text, and a guess is never silent."""

from __future__ import annotations

import codecs

import pytest

from caremap.intake.reading import open_source
from caremap.problems import DataProblem

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
