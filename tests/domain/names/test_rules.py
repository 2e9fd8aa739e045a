"""Each rule of docs/names.md with names that show it."""

import pytest

from tests.domain.names.support import match, reasons, verdict

SAME = """
Muhammed محمد | Mhd محمد | HALİD خالد | Halid خالد | Ömer عمر | Osman عثمان
Ayşe Aisha | Fatma فاطمة | Zeynep زينب | Hatice Hadice | Kasım قاسم | Enes أنس
Eyüp أيوب | Cemal جمال | Djamal Cemal | Şükrü شكري | Chadi شادي | Wael وائل
Nisrine نسرين | Houssam حسام | Oualid وليد | George جورج | Mundhir منذر | Thana Sana
Ṭāhā طه | Diyab ذياب | Yaʿqūb يعقوب | Ishaq اسحاق | Fathi فتحي | Adham ادهم
Suad سعاد | Daoud داود | Aous اوس | Eid عيد | Mustapha مصطفى | Suphi صبحي
Hüseyin حسين | Zübeyir زبير | Nadine Nadin | Mariam مريم | Zakeya زكية
Mahmud محمود | Islam اسلام | Esat أسعد | Ahmet أحمد | Amr عمرو | 7asan حسن
Rabieh ربيعة | Nimet نعمة | Hayat حياة | Amneh Amna | Sayyid سيد | Meryem مريم
Abdo عبدو | رضى رضي | سلمى سلما | ريم رِيم | ابرهيم إبراهيم | Lüey لؤي | لؤي Luay
Emad İmad | Saleh Salah | Halef خلف | Samet صمد | Hassan حسان | Hamad حمد
Ekrem أكرم | Mahsen محسن | Kevser كوثر
"""
"""One name to our rules, in two spellings."""

APART = """
سالم سليم | حامد حميد | جاسم قاسم | عمر عمرو | نور نورة | سعيد سعد | زيد سيد
خالد خليل | عمار عمر | Jalal Jamal | Hasan Hüseyin | Ali Amir | Rima Reem
نعسان Nadeya Yaseen | Samer سمير | Anas Yunus | 陈 Chen | Мухаммед محمد | حسن Hisham
"""


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(one, other) for one, _, other in (pair.strip().partition(" ") for pair in _cut(text))]


def _cut(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("pair", _pairs(SAME), ids=" ".join)
def test_spellings_of_one_name(pair: tuple[str, str]) -> None:
    assert verdict(*pair) != "different", pair


@pytest.mark.parametrize("pair", _pairs(APART), ids=" ".join)
def test_names_that_are_not_one(pair: tuple[str, str]) -> None:
    assert verdict(*pair) == "different", pair


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عبدالرحمن", "Abd al-Rahman"),
        ("عبد الرحمن", "ABDURRAHMAN"),
        ("Abdelrahman", "Abd Ar Rahman"),
        ("عبدالله", "Abd Allah"),
        ("Abdullah", "Abdallah"),
        ("عبد اللطيف", "Abdulatif"),
        ("Abdulatif", "Abdullatif"),
        ("نصر الله", "Nasrallah"),
        ("نصرالله", "Nasr Allah"),
        ("نورالدين", "Nur al-Din"),
        ("NURETTİN", "Noureddine"),
        ("Selahattin", "صلاح الدين"),
        ("Sayf el Din", "Seyfeddin"),
        ("Nuredin", "نور الدين"),
        ("ابوعلي", "Ebu Ali"),
        ("أم كلثوم", "Oumm Kalthoum"),
        ("الحاج علي", "Hacali"),
        ("حاج علي", "El Hac Ali"),
        ("الشامي", "Eş Şami"),
        ("Eşşami", "شامي"),
        ("Elhalebi", "حلبي"),
        ("Hasan bin Ali", "حسن علي"),
        ("محمد علي", "Muhammedali"),
        ("Ali Ahmad", "علياحمد"),
        ("Aliahmad Samirhasan", "Ali Ahmad Samir Hasan"),
    ],
)
def test_what_belongs_together_is_put_together(one: str, other: str) -> None:
    assert verdict(one, other) in {"same", "possible"}
    assert match(one, other).score >= 0.75


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("Ahmad Khaled Hassan", "أحمد خالد حسان", "same"),
        ("Ahmad Khaled Hassan", "أحمد حسان", "possible"),  # the father's name is left out
        ("Hassan Ahmad", "أحمد حسان", "possible"),  # the order differs
        ("Hassan Ahmad Khaled", "خالد احمد حسان", "possible"),
        ("Khaled", "Ahmad Khaled Hassan", "different"),  # neither given name nor family
        ("Hassan", "Ahmad Khaled Hassan", "possible"),
        ("Ahmad Khaled Hassan", "Ahmad Khaled Jasim", "different"),
        ("Ahmad Khaled Ali Hassan", "Ahmad Khaled Ali Jasim", "possible"),
        ("Yusuf Khaled Ali Hassan", "Samir Khaled Ali Hassan", "different"),
        ("Mehmet Ali Halebi", "محمد علي الحلبي", "possible"),  # a weak equivalent
        ("Halit Ali Halebi", "خالد علي الحلبي", "same"),  # one of three a little in doubt
        ("Ahmed Ahmed", "Ahmed", "possible"),
        ("Ali Ali Hasan", "Ali Omar Samir", "different"),  # one name stands for one
        ("Peña Ali", "PENA ALI", "same"),
        ("Marwanali", "Munir Ali", "different"),  # two might be one by their ends, and are not
        ("Hassan Hassan", "حسن محمد حسن", "possible"),
        ("Ali al", "علي", "possible"),  # an article with nothing behind it
    ],
)
def test_full_names(one: str, other: str, wanted: str) -> None:
    assert verdict(one, other) == verdict(other, one) == wanted


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Muhammed", "MUHAMMED", "Both are written alike."),
        ("", "Ali", "There is no name to compare."),
        ("٩٩", "Ali", "There is no name to compare."),
        ("\x00\u202e", "Ali", "There is no name to compare."),
        ("Ali" * 100, "Ali", "One text is too long to be a name."),
        ("a " * 20, "Ali", "One text is too long to be a name."),
        ("al-" * 20 + "x-y" * 20, "Ali", "One text is too long to be a name."),
        ("al Ali " * 13, "Ali", "One text is too long to be a name."),
        ("Qasim", "Jasim", "Qasim and Jasim are different names."),
        ("Ali Qasim", "Ali Jasim", "Qasim and Jasim are different names."),
        ("Khaled", "Halit", "kh and h can both write خ."),
        ("Shadi", "Sadi", "A consonant differs: sh and s."),
        ("Fatma", "Fatima", "Short vowels are written differently."),
        ("Salim", "Salem", "A vowel may be long or short, and these may be two names."),
        ("Mhd Ali", "Muhammed Ali", "One is an abbreviation."),
        ("Mehmet", "محمد", "One is the Turkish form of the Arabic name."),
        ("Elhalebi", "حلبي", "The article is joined to the name, apart or left out."),
        ("Hac Ali", "علي", "حاج is left out on one side."),
        ("Ali Hasan", "Hasan Ali", "The parts stand in a different order."),
        ("Ali", "Ali Hasan", "Hasan stands on one side only."),
        ("Ali Hasan", "Ali", "Hasan stands on one side only."),
        ("Muhammed", "Muammed", "h is left out on one side."),
    ],
)
def test_the_reason_is_told(one: str, other: str, said: str) -> None:
    assert said in reasons(one, other)


def test_two_spellings_of_a_weak_equivalent_are_one_name() -> None:
    assert verdict("Mehmet", "MEMED") == "same"
    assert "Turkish form" not in reasons("Mehmet", "Memed")


def test_names_in_two_scripts_at_once_and_in_an_unknown_one() -> None:
    assert verdict("محمد Ali", "Muhammed علي") == "same"
    assert verdict("محمدAli", "Muhammed Ali") == "same"
    assert verdict("Владимир", "ВЛАДИМИР") == "same"
    assert verdict("陈伟", "محمد") == "different"


def test_digits_that_are_left_of_a_word_are_no_letters() -> None:
    assert verdict("al333", "Hasan") == "different"
