"""What may identify somebody is flagged in three languages, however it is written; ordinary words are not."""

import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.folding import search_key
from domain.lists import CodeList
from domain.stories.assistant import flag
from domain.stories.lexicon import LISTS, Lexicon
from domain.stories.spans import Kind, Span, merged, segments
from domain.tables import TableError, read_rows

CONFIG = Path(__file__).parents[2] / "config"
DISTRICTS = CONFIG / "places" / "districts.tsv"
SYRIA = CONFIG / "places" / "syria.tsv"
LEXICON = Lexicon.load(CONFIG)
some = settings(max_examples=150, deadline=None)


def marked(text: str) -> str:
    """The text with each flagged piece in braces, behind its kinds."""
    return "".join(
        f"{{{','.join(piece.kinds)}:{piece.text}}}" if piece.kinds else piece.text
        for piece in segments(text, flag(text, LEXICON))
    )


def kinds_over(name: str, text: str) -> set[Kind]:
    """The kinds of the spans that hold the name."""
    return {span.kind for span in flag(text, LEXICON) if name in span.text}


def test_every_kind_has_a_name_for_people() -> None:
    assert CodeList.load(CONFIG / "lists" / "story_flag.tsv").codes == tuple(Kind)


NAMES_MARKED = """
قال {name:محمد الجابري} إن القرار لم يُبلَّغ.
وأضاف {name:لأحمد} أن المهلة انتهت.
توجهت السيدة {name:نور} مع {name:أم خالد} إلى المحكمة.
عائلة {name:أبو طلال} بلا مأوى.
حضر {name:ابن سامر}، ثم {name:بنت الحسن}.
الشاب اسمه {name:شيروان}.
أضاف أن {name:علي} لم يحضر، ولا {name:أمل كريم}.
السيد {name:على} حضر.
قال {name:ءمحمدء} ذلك.
{name:عبد الرحمن} في المركز، {name:وم. ع.} معه.
Dün {name:Mehmet Yılmaz} ile görüştük.
{name:Halit} adlı kişi, {name:ahmed} beyi tanıyor.
{name:Fatma Hanım} geldi. {name:Av. Çetin} dosyayı aldı.
{name:Yorgun}'un eşi ile {name:ebu Talib} ve {name:H. K.} geldi.
Bize {name:Sabah Demir} yardım etti.
Then {name:Fadel Haddad} spoke, and {name:Umm Jiwan} cried.
{name:Xelil Bekir} came; the client, {name:Karim Al-Jabri}, left.
We met {name:Mr. Oz} and {name:el-Hasan}.
"""

NUMBERS_AND_DATES_MARKED = """
وعمره {number:خمس سنوات} وله {number:ثلاثة أطفال}.
عمرها {number:ثلاثون}، وابنها في {number:السادسة عشرة}.
لديها {number:طفلان} {number:و٣} غرف.
{number:Otuz beş yaşında}, {number:iki çocuğu} var, {number:4}. katta.
A woman aged {number:thirty-five} with {number:four children}.
A boy aged {number:five}
أُوقف في {date:١٢/٠٣/٢٠٢٤} ثم في {date:15 آذار 2025}.
في شهر {date:آب}، {date:يوم الخميس}، ومنذ {date:3 من شعبان}.
وصل في {date:نيسان عام 2019}.
{date:12 Mart 2024} ve {date:Kasım} ayında, {date:salı günü}, {date:2026-05-14}.
On {date:3rd of May} and in {date:March}, on {date:Monday}, since {date:2019}.
Toplantı {date:Ekim}'de.
"""

PLACES_MARKED = """
سكنت في {place:حي الصالحية} قرب {place:أسنيورت}، وهي من {place:معرة النعمان}.
نُقل إلى {place:مركز ترحيل أوغوزلي} ثم إلى {place:باب الهوى}.
تدرس في {place:مدرسة النهضة الجديدة}.
{place:Nizip}'teki evden {place:Fatih ilçesinde} bir eve, {place:Gül Mahallesi} ve {place:Karanfil Sokak}'a.
{place:esenyurtta}, {place:sanayi mahallesinde}, {place:tuzla ilçesinde}, {place:urla}'da oturdu.
{place:Adana'daki Geri Gönderme Merkezi} ile {place:Kayseri GGM}.
{date,place:19 Mayıs}'ta oturuyor.
Onun evi {place:Atatürk Mahallesi }{place,number:12}{place:. Sokak} içinde.
He lived near {place:Sultan Street}, then in the {place:removal centre in Gaziantep}.
She fled from {place:Tell Abyad} to {place:Afrin}.
وُلد في {rare:مشفى الشفاء} وله {rare:توأم}.
Kadının {rare:ikizleri} {rare:Kilis Devlet Hastanesi}'nde doğdu.
{rare:The only} {rare:journalist} in {rare:Hope Hospital}.
"""

OTHERS_MARKED = """
قال: {quote:«لم يخبرني أحد»} ثم {quote:"أريد العودة}
{quote:“Bunu imzala”} dediler; {quote:'hemen imzala'} dediler.
They said {quote:‘don’t ask’} and {quote:„sign“}.
رقم هاتفه {phone:٠٥٣٢ ١٢٣ ٤٥ ٦٧} {file_number:ورقم الملف ١٢/أ}.
{file_number:2026/123 E.} ve {file_number:dosya no: 2024/7 K.} ile {file_number:2024/12345}.
Call {phone:+90 (532) 123-45-67} or {phone:00963 944 123 456}.
ID {id_number:99123456789}, {id_number:385-19C01234}, {id_number:N 0123456}.
IBAN {id_number:TR33 0006 1005 1978 6457 8413 26}.
Write to {email:ali.k@example.org}, {link:@ali_k}, {link:www.example.org/ali} or {link:facebook.com/ali}.
"""


@pytest.mark.parametrize(
    "wanted", (NAMES_MARKED + NUMBERS_AND_DATES_MARKED + PLACES_MARKED + OTHERS_MARKED).strip().splitlines()
)
def test_what_may_identify_somebody_is_flagged(wanted: str) -> None:
    assert marked(re.sub(r"\{[a-z_,]+:([^}]*)\}", r"\1", wanted)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "بناءً على القرار، على الموظف أن يرد على الطلب، وألّا يؤخّره أمام المحكمة.",
        "راجعت السيدة مديرية إدارة الهجرة، وقيل لها إن التسجيل متوقف في الولاية بشكل فعلي.",
        "نُقل إلى مركز الترحيل. وقّع على ورقة في حي مغلق، ووُلدت الفتاة في مخيم ولم تُسجَّل.",
        "لجأت إلى مخيم. غادرت بعدها.",
        "هل وُقّع الطلب أم لا؟ تدعى إلى الجلسة، ويدعي الموظف أنه أرسله في المستشفى الحكومي.",
        "جاء ابن عمه وبنت صغيرة من أم الطفل، وأبو.",
        "Danışan, kaydının pasife alındığını öğrenmiş. İl Göç İdaresine başvurdu; adli yardım istedi.",
        "Olur dediler. Pazar kapalıydı. Devlet okulu ve Devlet Hastanesi kapalı mahallede.",
        "Sabah geldi. Rızası yoktu, T.C. Cumhuriyet Başsavcılığı sordu; YUKK ve CMK geçerli.",
        "The woman lost her protection in Gaziantep. She may apply to the Court; it's the client's right.",
        "He practised in march formation. The Hospital, the camp and one of the streets were closed.",
        "In Syria the UN helped; A. and I stayed.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert marked(text) == text


NAMES = [
    (row["ar"], [spelling.strip() for spelling in row["latin"].split(",")])
    for row in read_rows(CONFIG / "stories" / "names.tsv", ("ar", "latin"))
]
ARABIC_NAMES = [ar for ar, _ in NAMES]
LATIN_NAMES = [latin for _, spellings in NAMES for latin in spellings]


@pytest.mark.parametrize(
    ("before", "after"), [("السيد ", " غادر."), ("رآه محمد ", " وخرج."), ("الشاب اسمه ", "، وهو هنا.")]
)
def test_every_listed_name_is_flagged_in_arabic(before: str, after: str) -> None:
    for name in ARABIC_NAMES:
        doubtful = LEXICON.is_plain(search_key(name)) and "السيد" not in before
        assert doubtful or Kind.NAME in kinds_over(name, before + name + after), name


@pytest.mark.parametrize(
    "sentence",
    ["Dün {} geldi.", "Bunu {}'ye sorduk.", "We saw {} there.", "Av. {} geldi.", "Bize {} Yılmaz sordu."],
)
def test_every_listed_name_is_flagged_in_latin_script(sentence: str) -> None:
    # Ramazan is a month too, Selim a district: what matters is that they are flagged.
    for name in LATIN_NAMES:
        assert kinds_over(name, sentence.format(name)), name


def test_names_that_mean_nothing_else_are_flagged_without_a_capital_or_a_title() -> None:
    for name in LATIN_NAMES:
        small = name.replace("İ", "i").lower()
        if tuple(search_key(small).split()) not in LEXICON.everyday["latin"]:
            assert Kind.NAME in kinds_over(small, f"dün {small} geldi"), small
    for name in ARABIC_NAMES:
        if tuple(search_key(name).split()) not in LEXICON.everyday["ar"]:
            assert Kind.NAME in kinds_over(name, f"عند {name} ورقة"), name


def test_every_district_and_every_syrian_place_is_flagged() -> None:
    districts = [(row["tr"], row["tr"], row["ar"]) for row in read_rows(DISTRICTS, ("plate", "tr"))]
    syria = [(row["en"], row["tr"], row["ar"]) for row in read_rows(SYRIA, ("en", "tr", "ar"))]
    assert len(districts) == 922
    for names in districts + syria:
        for sentence, spellings in zip(
            ("We met in {} then.", "Bize {}'de denildi.", "كنا في {} هناك."), names, strict=True
        ):
            for name in filter(None, spellings.split(", ")):
                assert Kind.PLACE in kinds_over(name, sentence.format(name)), name


def test_provinces_are_no_places_below_the_province() -> None:
    for row in read_rows(CONFIG / "places" / "provinces.tsv", ("en", "tr", "ar")):
        for text in (
            f"Bize {row['tr']}'de denildi.",
            f"We met in {row['en']} then.",
            f"كنا في {row['ar']} هناك.",
        ):
            assert marked(text) == text


HIDDEN = st.sampled_from(
    ["\u064e", "\u0651", "\u0640", "\u200d", "\u200f", "\u200e", "\u2068", "\u00ad", "\u0301"]
)


def disguised(draw: st.DrawFn, text: str) -> str:
    """The text with marks, tatweel and invisible characters after some letters."""
    return "".join(letter + draw(st.one_of(st.just(""), HIDDEN)) for letter in text)


@st.composite
def disguises(draw: st.DrawFn) -> tuple[str, str, Kind]:
    name, kind, sentence = draw(
        st.sampled_from(
            [
                ("محمد", Kind.NAME, "قال {} ذلك."),
                ("Mehmet", Kind.NAME, "Bize {} dedi."),
                ("أسنيورت", Kind.PLACE, "كنا في {} هناك."),
                ("Esenyurt", Kind.PLACE, "Evi {} içinde."),
                ("توأم", Kind.RARE, "له {} هنا."),
                ("٠٥٣٢١٢٣٤٥٦٧", Kind.PHONE, "هاتفه {} فقط."),
                ("99123456789", Kind.ID_NUMBER, "No {} onundur."),
            ]
        )
    )
    written = disguised(draw, name)
    return sentence.format(written), written, kind


@some
@given(disguises())
def test_marks_and_invisible_characters_hide_nothing(case: tuple[str, str, Kind]) -> None:
    text, written, kind = case
    assert any(span.kind is kind and written in span.text for span in flag(text, LEXICON))


WORDS = st.sampled_from(
    [
        *(
            "محمد",
            "على",
            "أم",
            "أبو",
            "ابن",
            "آب",
            "حي",
            "السيدة",
            "كانون",
            "ثلاثة",
            "يوم",
            "ﷺ",
            "ﷲ",
            "ء",
            "٣",
        ),
        *(
            "Mehmet",
            "ahmed",
            "Mart",
            "Nizip",
            "Sokak",
            "GGM",
            "Hastanesi",
            "Av.",
            "adlı",
            "Hanım",
            "çocuk",
            "Of",
        ),
        *(
            "in",
            "May",
            "and",
            "12",
            "2026",
            "½",
            "Ⅷ",
            "E.",
            "K.",
            "@x",
            "+90",
            "İSTANBUL",
            '"',
            "«",
            "»",
            "'",
            "’",
        ),
        *("-", ".", ",", "؟", "\n", "\u200f", "\u0301"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60), *(st.lists(WORDS, max_size=15).map(joint.join) for joint in (" ", "", ". "))
)


@some
@given(TEXTS)
def test_pieces_add_up_to_the_text_and_cut_no_word(text: str) -> None:
    spans = flag(text, LEXICON)
    assert spans == flag(text, LEXICON)
    pieces = segments(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    for span in spans:
        assert span.text == text[span.start : span.end] != ""
        for edge in {span.start, span.end} - {0, len(text)}:
            assert not (text[edge - 1].isalnum() and text[edge].isalnum()), (span, text)
            assert unicodedata.category(text[edge])[0] != "M"
    for kind in Kind:
        same = [span for span in spans if span.kind is kind]
        assert all(one.end <= other.start for one, other in pairwise(same))


@some
@given(st.text(st.one_of(st.characters(categories=["Nd"]), st.sampled_from(" ./-x")), max_size=40))
def test_no_digit_of_any_script_stays_unflagged(text: str) -> None:
    covered = {place for span in flag(text, LEXICON) for place in range(span.start, span.end)}
    assert {place for place, letter in enumerate(text) if letter.isdecimal()} <= covered


def test_pieces_say_everything_for_which_they_are_flagged() -> None:
    text = "Ali 5"
    spans = [Span(0, 3, Kind.NAME, "Ali"), Span(0, 5, Kind.QUOTE, text), Span(4, 5, Kind.NUMBER, "5")]
    assert [(piece.text, piece.kinds) for piece in segments(text, spans)] == [
        ("Ali", (Kind.NAME, Kind.QUOTE)),
        (" ", (Kind.QUOTE,)),
        ("5", (Kind.QUOTE, Kind.NUMBER)),
    ]
    assert segments("", []) == ()
    assert [piece.kinds for piece in segments("none", [])] == [()]


def test_overlapping_spans_of_a_kind_are_one() -> None:
    text = "Gül Sokak 5"
    spans = [
        Span(4, 11, Kind.PLACE, text[4:]),
        Span(0, 9, Kind.PLACE, text[:9]),
        Span(1, 3, Kind.PLACE, "ül"),
    ]
    assert merged(spans, text) == (Span(0, 11, Kind.PLACE, text),)


@pytest.mark.parametrize(
    ("piece", "times"),
    [
        *((letter, 50_000) for letter in "aا1«@"),
        *((word, 1000) for word in ("1 ", "A ", "محمد ", "' ", "Sokak ", "a.", "أمل ")),
    ],
)
def test_long_texts_take_no_long_time(piece: str, times: int) -> None:
    begun = perf_counter()
    flag(piece * times, LEXICON)
    assert perf_counter() - begun < 30


def spoil(tmp_path: Path, name: str, change: str) -> Path:
    """A copy of the tables with one file changed."""
    for folder in ("lists", "law", "places", "stories"):
        (tmp_path / folder).mkdir()
        for path in (CONFIG / folder).glob("*.tsv"):
            text = path.read_text(encoding="utf-8")
            (tmp_path / folder / path.name).write_text(
                text + (change if path.name == name else ""), encoding="utf-8"
            )
    return tmp_path


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("names.tsv", "سعد\tSaad\tmaybe\n", "maybe is no script"),
        ("words.tsv", "gossip\ten\tword\n", "there is no list gossip in en"),
        ("words.tsv", "plain\tfr\tmot\n", "there is no list plain in fr"),
        ("districts.tsv", "01\tAdana\n", "2 cells where the header has 3"),
    ],
)
def test_spoilt_tables_are_refused(tmp_path: Path, name: str, change: str, why: str) -> None:
    with pytest.raises(TableError, match=why):
        Lexicon.load(spoil(tmp_path, name, change))


def test_every_list_has_words() -> None:
    assert all(LEXICON.list(name).phrases for name in LISTS)
