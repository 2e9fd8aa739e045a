"""Templates of Word: looked at without harm, filled as they look, in every direction."""

import io
import json
import re
import subprocess
import zipfile
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from PIL import Image

from core.documents import alone, letterer, templates, word_fields
from core.documents.templates import NotTaken
from tests.documents.wording import changed, inside, related, saved, template

NAME = "سلمى الخطيب"
APART = alone.run  # before it is put aside


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program in this process, so that it is asked line by line."""

    def run(program: Any, content: bytes, *_limits: Any) -> subprocess.CompletedProcess[bytes]:
        order, _line, file = content.partition(b"\n")
        status, said = letterer.answered(json.loads(order), file)
        return subprocess.CompletedProcess([program], status, said)

    monkeypatch.setattr(alone, "run", run)


def test_it_is_done_by_a_program_that_runs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    here = filled(template("{{bugün}}"), {"bugün": "1"})
    monkeypatch.setattr(alone, "run", APART)
    assert filled(template("{{bugün}}"), {"bugün": "1"}) == here
    assert "macros" in refused(HOSTILE["macros"][0])
    monkeypatch.setattr(templates, "_WAIT_SECONDS", 0.01)
    assert "far more than a letter" in refused(template("a"))


def texts(content: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def filled(content: bytes, values: dict[str, str], language: str = "tr") -> bytes:
    return templates.fill(templates.look(content).content, values, language)


def refused(content: bytes) -> str:
    with pytest.raises(NotTaken) as why:
        templates.look(content)
    assert why.value.field == "file"
    return str(why.value.message)


def test_a_field_torn_into_runs_is_found_everywhere() -> None:
    document = docx.Document()
    torn = document.add_paragraph("Sayın ")
    for piece, bold in (
        ("{", False),
        ("{mü", True),
        ("vekkil", False),
        (".ad}", True),
        ("} ve {{bugün}}.", False),
    ):
        torn.add_run(piece).bold = bold
    table = document.add_table(1, 2)
    table.cell(0, 1).text = "{{dosya.no}}"
    document.sections[0].header.paragraphs[0].text = "{{kurum.ad}}"
    document.sections[0].footer.paragraphs[0].text = "{{sor: Sayı}} {{ bozuk"
    looked = templates.look(saved(document))
    assert [(one.name, one.where) for one in looked.places] == [
        ("müvekkil.ad", "text"), ("bugün", "text"), ("dosya.no", "table"), ("kurum.ad", "header"),
        ("sor: Sayı", "footer"), ("", "footer"),
    ]  # fmt: skip # one list
    assert looked.places[0].around.startswith("Sayın {{müvekkil.ad}}")
    values = {
        "müvekkil.ad": "Şule Iğdır",
        "bugün": "2 Kasım 2026",
        "dosya.no": "DNM-1",
        "kurum.ad": "Dernek",
        "sor: Sayı": "",
    }
    letter = docx.Document(io.BytesIO(templates.fill(looked.content, values, "tr")))
    assert letter.paragraphs[0].text == "Sayın Şule Iğdır ve 2 Kasım 2026."
    assert letter.tables[0].cell(0, 1).text == "DNM-1"
    assert letter.sections[0].header.paragraphs[0].text == "Dernek"
    assert letter.sections[0].footer.paragraphs[0].text == " {{ bozuk"


def test_a_value_is_text_and_never_markup_nor_a_field() -> None:
    value = '<w:p>&lt; "{{bugün}}" ]]> {% x %}\nİkinci satır'
    letter = filled(template("A {{müvekkil.ad}} B {{bugün}}"), {"müvekkil.ad": value, "bugün": "1"})
    assert texts(letter) == [f"A {value} B 1"]
    assert letter == filled(template("A {{müvekkil.ad}} B {{bugün}}"), {"müvekkil.ad": value, "bugün": "1"})


def test_arabic_is_set_from_right_to_left_in_the_order_of_the_schema() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("{{الموكل.الاسم}} 99123456782")
    run.bold, run.font.size = True, docx.shared.Pt(14)
    document.add_paragraph("السيد {{الموكل.الاسم}}، رقم {{الموكل.الرقم_الأجنبي}}")
    document.add_paragraph("Latin {{الموكل.الاسم}}")
    right = document.styles.add_style("Right", WD_STYLE_TYPE.PARAGRAPH)
    right.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    document.add_paragraph("{{الموكل.الرقم_الأجنبي}}", style="Right")
    letter = filled(
        saved(document), {"الموكل.الاسم": NAME, "الموكل.الرقم_الأجنبي": "99123456782 (B-1)"}, "ar"
    )
    first, second, latin, styled = docx.Document(io.BytesIO(letter)).paragraphs
    assert second.text == f"السيد {NAME}، رقم 99123456782 (B-1)"
    assert [_tags(one._p.pPr) for one in (first, second)] == [["bidi"], ["bidi"]]
    assert _tags(latin._p.pPr) == []
    assert _tags(styled._p.pPr) == ["pStyle"]
    named = next(one for one in first.runs if one.text == NAME)
    assert _tags(named._r.rPr) == ["b", "bCs", "sz", "szCs", "rtl"]
    number = next(one for one in second.runs if one.text.startswith("99"))
    assert _tags(number._r.rPr) == []
    assert any(_tags(one._r.rPr) == ["rtl"] for one in latin.runs if one.text.strip("\u200f") == NAME)
    for tag in ("pPr", "rPr"):
        order = word_fields._ORDER[tag].split()
        for found in re.findall(rf"<w:{tag}>(.*?)</w:{tag}>", parts(letter)["word/document.xml"].decode()):
            places = [order.index(one) for one in re.findall(r"<w:(\w+)", found) if one in order]
            assert places == sorted(places)


def _tags(properties: Any) -> list[str]:
    return [] if properties is None else [one.tag.rpartition("}")[2] for one in properties]


def test_what_tells_who_wrote_it_is_gone_and_looks_stay() -> None:
    looked = templates.look(template("{{client.name}}", "Tel. +90 532 123 45 67, madde 57"))
    kept = parts(looked.content)
    assert b"Yazan" not in b"".join(kept.values())
    assert {"word/styles.xml", "word/settings.xml"} <= kept.keys()
    assert not [name for name in kept if name.startswith(("docProps", "customXml"))]
    assert looked.numbers == ("+90 532 123 45 67",)
    assert texts(looked.content)[0] == "{{client.name}}"
    assert templates.look(looked.content).content == looked.content


SIGNED = (
    '<w:customXmlInsRangeStart w:id="2" w:author="Av. Yazan"/><w:permStart w:ed="yazan@example.org"/>'
    '<w:tbl><w:tblPr/><w:tr w:rsidR="00AA11BB" w:author="Av. Yazan" w:date="2026-01-01T00:00:00Z"><w:trPr>'
    "<w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>in a hidden row</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    '<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Selma </w:t></w:r><w:r><w:rPr><w:specVanish/></w:rPr>'
    '<w:t>Hatip</w:t></w:r><w:r><w:t> is seen</w:t></w:r></w:p>'
    '<w:p><w:r><w:rPr><w:rStyle w:val="Unseen"/></w:rPr><w:t>by a style</w:t></w:r>'
    '<w:r><w:rPr><w:rStyle w:val="Unseen"/><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r></w:p>'
)  # fmt: skip # one document


def test_who_changed_what_is_gone_wherever_word_keeps_it_and_hidden_text_is_told() -> None:
    def unseen(package: dict[str, bytes]) -> None:
        style = (
            '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
            '<w:style w:type="character" w:styleId="Unseen"><w:basedOn w:val="Base"/></w:style>'
        )
        styles = package["word/styles.xml"]
        package["word/styles.xml"] = styles.replace(b"</w:styles>", style.encode() + b"</w:styles>")

    looked = templates.look(changed(inside(SIGNED), unseen))
    kept = b"".join(parts(looked.content).values())
    for told in (b"Yazan", b"yazan", b"2026-01-01", b"rsidR", b"RangeStart"):
        assert told not in kept
    assert looked.hidden == ("in a hidden row", "Selma Hatip", "by a style")
    assert templates.look(template("{{client.name}}")).hidden == ()


def test_a_picture_does_not_say_in_which_folder_it_lay() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    document = docx.Document()
    document.add_paragraph().add_run().add_picture(io.BytesIO(picture.getvalue()))
    for one in document.element.iter("{*}docPr", "{*}cNvPr"):
        one.set("name", "Selma Hatip.png")
        one.set("descr", "C:\\Users\\Yazan\\imza.png")
    kept = b"".join(parts(templates.look(saved(document)).content).values())
    assert b"Yazan" not in kept
    assert b"Selma" not in kept
    assert picture.getvalue() in kept


LINK = '<w:p><w:hyperlink r:id="rId99"><w:r><w:t>avukat@example.org</w:t></w:r></w:hyperlink></w:p>'
INCLUDED = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDE</w:instrText></w:r>'
    '<w:r><w:instrText>PICTURE "http://x.example/a"</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    '<w:fldSimple w:instr="DDEAUTO c:\\\\x"><w:r><w:t> more</w:t></w:r></w:fldSimple></w:p>'
)


def test_links_templates_and_fields_of_word_are_left_out_and_said() -> None:
    linked = templates.look(changed(inside(LINK), related("hyperlink", "mailto:avukat@example.org")))
    assert (linked.left, texts(linked.content)[0]) == (("links",), "avukat@example.org")
    assert b"mailto" not in b"".join(parts(linked.content).values())
    fields = templates.look(inside(INCLUDED))
    assert (fields.left, texts(fields.content)[0]) == (("fields",), "shown more")
    body = parts(fields.content)["word/document.xml"]
    assert b"x.example" not in body
    assert b"DDE" not in body
    assert b'w:instr=" PAGE "' in body

    def from_template(package: dict[str, bytes]) -> None:
        package["word/_rels/settings.xml.rels"] = package["_rels/.rels"]
        related("attachedTemplate", "https://x.example/evil.dotm", of="word/_rels/settings.xml.rels")(package)

    far = templates.look(changed(template("{{client.name}}"), from_template))
    assert far.left == ("template",)
    assert b"evil" not in b"".join(parts(far.content).values())


def _entity(package: dict[str, bytes]) -> None:
    package["word/document.xml"] = package["word/document.xml"].replace(
        b"<w:document", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document', 1
    )


def _unread(package: dict[str, bytes]) -> None:
    body = package["word/document.xml"].partition(b"?>")[2].decode()
    declared = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY a "b">]>'
    package["word/document.xml"] = (declared + body.replace("</w:t>", "&a;</w:t>", 1)).encode()


HOSTILE = {
    "no document of Word": [b"hello", b""],
    "old kind": [b"\xd0\xcf\x11\xe0" + bytes(600)],
    "macros": [
        changed(template("a"), lambda package: package.update({"word/vbaProject.bin": b"x"})),
        changed(
            template("a"),
            lambda package: package.update(
                {"[Content_Types].xml": package["[Content_Types].xml"].replace(
                    b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")}
            ),
        ),
    ],
    "another file or program": [
        changed(template("a"), lambda package: package.update({"word/embeddings/a.bin": b"x"})),
        inside("<w:p><w:r><w:object/></w:r></w:p>"),
        inside('<w:altChunk r:id="rId99"/>'),
    ],
    "lies elsewhere": [changed(template("a"), related("image", "https://x.example/a.png"))],
    "tracked changes": [
        inside('<w:p><w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'),
        inside("<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel w:id='1'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"),
    ],
    "far more than a letter": [
        changed(template("a"), lambda package: package.update({"word/media/a.png": bytes(17_000_000)})),
        changed(template("a"), lambda package: package.update({f"x{n}": b"" for n in range(501)})),
    ],
    "larger than 1 MB": [bytes(1_000_001)],
    "could not be read": [
        b"PK\x03\x04",
        changed(template("a"), _entity),
        changed(template("a"), _unread),
        changed(template("a"), lambda package: package.update({"word/document.xml": b"<w:document"})),
        inside("<w:p>" * 300 + "</w:p>" * 300),
    ],
}  # fmt: skip # one table


def test_what_could_do_harm_is_refused_and_said_why() -> None:
    for why, contents in HOSTILE.items():
        for content in contents:
            assert why in refused(content)


def test_pictures_stay_and_drawings_of_other_kinds_are_left_out() -> None:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, "PNG")
    document = docx.Document()
    document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(made.getvalue()))
    document.add_paragraph("{{bugün}}")
    looked = templates.look(saved(document))
    assert looked.left == ()
    kept = parts(looked.content)
    assert made.getvalue() in kept.values()
    assert docx.Document(io.BytesIO(looked.content)).sections[0].header.part.related_parts

    def to_metafile(package: dict[str, bytes]) -> None:
        package.update({name: b"\xd7\xcd\xc6\x9a" for name in package if name.endswith(".png")})

    bare = templates.look(changed(saved(document), to_metafile))
    assert bare.left == ("drawings",)
    assert not [name for name in parts(bare.content) if "media" in name]
    shape = '<w:p><w:r><w:pict><v:rect xmlns:v="urn:schemas-microsoft-com:vml" href="http://x.example"/>'
    told = templates.look(inside(f"{shape}</w:pict></w:r></w:p>"))
    assert b"x.example" not in b"".join(parts(told.content).values())
    assert told.left == ()
