"""Names in the ZIP of a conversation: the text among them, and which file a message means."""

from __future__ import annotations

import unicodedata

import pytest

from domain.imports import whatsapp_archive as archive


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("IMG-20261031-WA0001.jpg", "IMG-20261031-WA0001.jpg"),
        ("WhatsApp Chat - Selma/PTT-1.opus", "PTT-1.opus"),
        ("C\\a.jpg", "a.jpg"),
        ("folder/", ""),
        ("", ""),
        ("../a.jpg", ""),
        ("x/../../a.jpg", ""),
        ("..\\a.jpg", ""),
        ("/etc/passwd", ""),
        ("\\\\host\\a.jpg", ""),
        ("C:a.jpg", ""),
        ("a\0.jpg", ""),
        ("a\n.jpg", ""),
    ],
)
def test_a_name_is_the_last_part_and_what_leads_out_has_none(path: str, name: str) -> None:
    assert archive.name_of(path) == name


@pytest.mark.parametrize(
    "name",
    [
        "_chat.txt",
        "WhatsApp Chat with Selma.txt",
        "Selma ile WhatsApp Sohbeti.txt",
        "WhatsApp Sohbeti - Selma.txt",
        "محادثة واتساب مع سلمى.txt",
        "دردشة واتساب مع \u200fسلمى.txt",
        "folder/_chat.txt",
    ],
)
def test_the_text_is_known_by_its_name_beside_a_text_that_somebody_sent(name: str) -> None:
    assert archive.texts(["liste.txt", name, "a.jpg"]) == [1]


def test_without_such_a_name_every_text_could_be_it() -> None:
    assert archive.texts(["a.jpg", "konuşma.TXT"]) == [1]
    assert archive.texts(["a.txt", "b.txt"]) == [0, 1]
    assert archive.texts(["a.jpg", "../_chat.txt"]) == []


def test_names_are_the_same_however_a_phone_writes_them_and_doubles_mean_nothing() -> None:
    composed = "Dilekçe.pdf"
    found, twice = archive.by_name(
        {0: unicodedata.normalize("NFD", composed), 3: "a.jpg", 4: "x/A.JPG", 5: "../b.jpg", 6: "/b.jpg"}
    )
    assert found == {archive.folded(f"\u200e{composed} "): 0}
    assert twice == {"a.jpg"}
