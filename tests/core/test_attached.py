"""Attachments as values: what a reference stands for, what it weighs, what is said of it, and how its path is kept."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from tests.pictures import gif, jpeg, pdf, png, webp
from workbench.core import attached, images, media, media_limits, references, session_file
from workbench.core.attached import AttachError, Sent
from workbench.core.canned import CannedResult, Result
from workbench.core.conversation import check, request_of
from workbench.core.forecast import request_tokens
from workbench.core.kinds import Json
from workbench.core.media import Media
from workbench.core.models import Catalogue, builtin
from workbench.core.params import Params
from workbench.core.session import Message, Session
from workbench.core.session_file import SessionError

NEW, OLD = builtin().find("claude-sonnet-5-5"), builtin().find("claude-haiku-4-5")
URL = "https://example.com/a.png?size=2"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def picture(data: bytes) -> dict[str, Any]:
    return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": encoded(data)}}


def loaded(**tables: Any) -> Session:
    return session_file.load(tables).session


@pytest.mark.parametrize(
    ("size", "old", "new"),
    [((1000, 1000), 1296, 1296), ((1920, 1080), 1560, 2691), ((8000, 8000), 39 * 39, 69 * 69), ((1, 1), 1, 1)],
)
def test_pictures_weigh_what_the_documentation_says(size: tuple[int, int], old: int, new: int) -> None:
    assert (images.tokens(*size, new=False), images.tokens(*size, new=True)) == (old, new)
    (found,) = media.of([picture(png(*size, more=9) if max(size) < 2000 else jpeg(*size))])
    assert (found.width, found.height, found.tokens(OLD), found.tokens(NEW)) == (*size, old, new)


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (png(12, 34), "image/png", (12, 34)),
        (gif(12, 34), "image/gif", (12, 34)),
        (jpeg(12, 34), "image/jpeg", (12, 34)),
        (jpeg(12, 34, before=150_000), "image/jpeg", (12, 34)),
        (b"\xff\xd8\xff\xff\xff\xc0\x00\x11\x08\x00\x22\x00\x0c" + bytes(9), "image/jpeg", (12, 34)),
        (webp(12, 34), "image/webp", (12, 34)),
        (webp(9000, 34, b"VP8L"), "image/webp", (9000, 34)),
        (webp(12, 34, b"VP8 "), "image/webp", (12, 34)),
        (webp(12, 34)[:20], "image/webp", None),
        (png(12, 34)[:20], "image/png", None),
        (b"\xff\xd8\xff\xe0\x00\x00\x00\x00\x00\x00\x00\x00", "image/jpeg", None),
        (b"%PDF-1.7", None, None),
        (b"", None, None),
    ],
)
def test_what_a_file_is_stands_in_its_head(data: bytes, kind: str | None, size: tuple[int, int] | None) -> None:
    assert (images.media_type(data), images.size(data)) == (kind, size)


@pytest.mark.parametrize("end", range(40))
def test_a_cut_head_is_no_crash(end: int) -> None:
    for whole in (png(3, 4), jpeg(3, 4), gif(3, 4), webp(3, 4), webp(3, 4, b"VP8L"), webp(3, 4, b"VP8 ")):
        assert images.size(whole[:end]) in {None, (3, 4)}


@pytest.mark.parametrize(
    ("reference", "kind", "source"),
    [
        ("cat.png", "image", {"type": "path", "path": "cat.png"}),
        ("../a b/Cat.JPEG", "image", {"type": "path", "path": "../a b/Cat.JPEG"}),
        ("report.pdf", "document", {"type": "path", "path": "report.pdf"}),
        ("./file_notes", "document", {"type": "path", "path": "./file_notes"}),
        ("image:cat.png", "image", {"type": "path", "path": "image:cat.png"}),
        (URL, "image", {"type": "url", "url": URL}),
        ("https://example.com/a", "document", {"type": "url", "url": "https://example.com/a"}),
        ("image:https://example.com/a", "image", {"type": "url", "url": "https://example.com/a"}),
        ("file_011Cat", "document", {"type": "file", "file_id": "file_011Cat"}),
        ("image:file_011Cat", "image", {"type": "file", "file_id": "file_011Cat"}),
    ],
)
def test_a_reference_is_a_block_and_back(reference: str, kind: str, source: dict[str, str]) -> None:
    made = attached.block(reference)
    assert (made["type"], made["source"]) == (kind, source)
    assert attached.short(made) == reference or attached.block(attached.short(made) or "") == made
    assert ("title" in made) == (kind == "document" and source["type"] == "path")


@pytest.mark.parametrize("reference", ["", "  ", "a\0b"])
def test_what_names_no_file_is_told(reference: str) -> None:
    with pytest.raises(AttachError, match="names no file"):
        attached.block(reference)


def test_a_name_that_no_session_can_hold_is_told() -> None:
    with pytest.raises(AttachError, match="rename the file first"):
        attached.block("cat\udcff.png")


def test_a_hand_written_message_has_them_beside_its_text() -> None:
    row = {"role": "user", "text": "Which?", "attachments": ["cat.png", {"path": "a.txt", "sha256": "ab"}, URL]}
    session = loaded(messages=[row])
    blocks = session.messages[0].blocks
    assert [block["type"] for block in blocks] == ["image", "document", "image", "text"]
    assert blocks[1] == {
        "type": "document",
        "source": {"type": "path", "path": "a.txt", "sha256": "ab"},
        "title": "a.txt",
    }
    assert session.messages[0].text == "Which?"
    assert loaded(**session_file.dump(session)) == session
    with_content = {"role": "user", "content": [{"type": "text", "text": "Which?"}], "attachments": ["cat.png"]}
    assert [each["type"] for each in loaded(messages=[with_content]).messages[0].blocks] == ["image", "text"]


def test_the_draft_keeps_them_in_short_where_that_says_it_all() -> None:
    blocks = [attached.block("cat.png"), attached.of_text('a """ b\r\n'), {**attached.block("b.pdf"), "citations": {}}]
    session = Session(prompt="Hm.", attachments=tuple(map(Json.of, blocks)))
    row = session_file.dump(session)["session"]
    assert isinstance(row, dict)
    assert row["attachments"][0] == "cat.png"
    assert loaded(**session_file.dump(session)) == session
    request = request_of(session, session.lane(), None, attached.content(session.prompt, session.attachments))
    assert request.body()["messages"] == [
        {"role": "user", "content": [*blocks, {"type": "text", "text": "Hm."}]},
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"role": "user", "attachments": "cat.png"}, 'messages, row 1: attachments must be a list, like ["cat.png"'),
        ({"role": "user", "attachments": [""]}, "messages, row 1: '' names no file"),
        ({"role": "user", "attachments": [7]}, "messages, row 1: each of attachments is a path"),
        ({"role": "assistant", "attachments": ["a.png"]}, "messages, row 1: attachments belong to what the user says"),
        (
            {"role": "user", "content": [{"type": "image", "source": {"type": "path", "path": "a", "sha256": 1}}]},
            "messages, row 1: sha256 of a must be text",
        ),
    ],
)
def test_a_mistake_says_where_and_what_would_be_right(row: dict[str, Any], words: str) -> None:
    with pytest.raises(SessionError) as raised:
        loaded(messages=[row])
    assert words in str(raised.value)


def test_variables_go_into_the_text_and_never_into_a_document() -> None:
    said = attached.content("{{a}}", [Json.of(attached.of_text("{{a}} stays"))])
    session = Session(variables=(("a", "now"),))
    content: Any = request_of(session, session.lane(), None, said).turns[0].wire["content"]
    assert content[0]["source"]["data"] == "{{a}} stays"
    assert content[1]["text"] == "now"


LARGE = Media("big.png", "image", "PNG", 9 * 2**20, 12 * 2**20, 8001, 20)
SMALL = Media("a.png", "image", "PNG", 100, 136, 2001, 20)


@pytest.mark.parametrize(
    ("found", "kind", "words"),
    [
        ([SMALL], "anthropic", []),
        ([replace(SMALL, sent=10 * 2**20, width=8000)], "anthropic", []),
        ([LARGE], "anthropic", ["10 MB is the most for an image", "8000 pixels is the most for a side"]),
        ([replace(SMALL, sent=6 * 2**20)], "bedrock", ["5 MB is the most for an image"]),
        ([replace(SMALL, sent=6 * 2**20)], "anthropic", []),
        ([SMALL] * 21, "anthropic", ["with 21 images none may have a side over 2000 pixels"]),
        ([replace(SMALL, width=20)] * 21, "anthropic", []),
        ([replace(SMALL, width=20)] * 601, "anthropic", ["601 images, and 600 is the most that claude-sonnet-5-5"]),
        ([Media("a.pdf", "pdf", pages=400)] * 2, "anthropic", ["the PDFs have 800 pages together, and 600"]),
        ([Media("a.pdf", "pdf", sent=20 * 2**20)] * 2, "anthropic", ["32 MB is the most for a request"]),
        ([Media("a.pdf", "pdf", sent=21 * 2**20)], "bedrock", ["20 MB is the most for a request"]),
        ([Media("a.pdf", "pdf", sent=31 * 2**20)], "google-cloud", ["30 MB is the most for a request"]),
        ([Media("a.pdf", "pdf", locked=True)], "anthropic", ["locked with a password"]),
        ([Media(URL, "image", "url")], "anthropic", []),
        ([Media(URL, "image", "url")], "vertex", ["Vertex takes no addresses and no file ids"]),
    ],
)
def test_limits_are_said_in_words(found: list[Media], kind: str, words: list[str]) -> None:
    told = [each.text for each in media_limits.cautions(found, NEW, kind)]
    assert len(told) == len(words)
    assert all(word in each for word, each in zip(words, told, strict=True))


def test_what_a_model_takes_none_of_is_said_only_where_its_list_says_so() -> None:
    listed = {"id": "claude-sonnet-5-5", "type": "model", "capabilities": {"image_input": {"supported": False}}}
    model = builtin().merge_live([listed]).find("claude-sonnet-5-5")
    told = [each.text for each in media_limits.cautions([SMALL, Media("a.pdf", "pdf", pages=1)], model)]
    assert told == ["claude-sonnet-5-5 takes no images, says the list of the endpoint; choose another model."]


def test_a_small_context_takes_fewer_and_the_estimate_counts_them_all() -> None:
    blocks = [picture(png(1000, 1000)), attached.of_text("word " * 400), attached.block(URL)]
    content = Json.of([*blocks, {"type": "text", "text": "Hm."}])
    session = Session(params=Params(model="claude-haiku-4-5", max_tokens=9), messages=(Message("m1", "user", content),))
    request = request_of(session, session.lane(), "m1")
    assert 1296 + 500 + 1600 < request_tokens(request, OLD) < 1296 + 530 + 1600 + 10
    many = [Media("a.pdf", "pdf", pages=101)]
    assert "100 is the most that claude-haiku-4-5" in media_limits.cautions(many, OLD)[0].text
    lane = session.lane()
    assert not [each for each in check(session, lane, "m1", None, catalogue=Catalogue.builtin()) if each.blocking]


def test_a_pdf_is_weighed_by_the_pages_that_its_bytes_show() -> None:
    source = {"type": "base64", "media_type": "application/pdf", "data": encoded(pdf(7))}
    (found,) = media.of([{"type": "tool_result", "content": [{"type": "document", "source": source, "title": "x"}]}])
    assert (found.name, found.kind, found.pages, found.told(NEW)[:7]) == ("x", "pdf", 7, "7 pages")


@pytest.mark.parametrize("between", [b"", b" ", b"\n"])
def test_the_tree_of_a_pdf_s_pages_is_no_page(between: bytes) -> None:
    kind = b"/Type" + between
    assert (
        images.pdf_pages(kind + b"/Catalog" + kind + b"/Pages" + (kind + b"/Page/Parent ") * 2 + kind + b"/Page>>") == 3
    )


PATHS = ["cat.png", "sub/a.txt", "../near/b.pdf", "/etc/hosts", "~/far.png"]


def test_paths_are_absolute_in_memory_and_written_from_where_the_file_lies() -> None:
    said = attached.content("Hm.", [Json.of(attached.block(path)) for path in PATHS])
    session = Session(messages=(Message("m1", "user", said),), attachments=(Json.of(attached.block("cat.png")),))
    held = references.absolute(session, "/home/you/work/here", "/home/you")
    assert [each["path"] for each in attached.paths(held.messages[0].blocks)] == [
        *("/home/you/work/here/cat.png", "/home/you/work/here/sub/a.txt", "/home/you/work/near/b.pdf"),
        *("/etc/hosts", "/home/you/far.png"),
    ]
    back = references.relative(held, "/home/you/work/here")
    assert [each["path"] for each in attached.paths(back.messages[0].blocks)] == [
        *PATHS[:4],
        "/home/you/far.png",
    ]
    assert back.attachments == session.attachments
    moved = references.relative(held, "/home/you/work")
    assert [each["path"] for each in attached.paths(moved.messages[0].blocks)][:3] == [
        *("here/cat.png", "here/sub/a.txt", "near/b.pdf"),
    ]
    plain = Session(messages=(Message("m1", "user", "Hm."),))
    assert references.absolute(plain, "/", "/") is plain


def test_a_canned_result_means_the_same_files_elsewhere() -> None:
    row = CannedResult("look", result=Result(Json.of([attached.block("cat.png")])))
    session = Session(tool_results=(row, CannedResult("say", result=Result("Hm."))))
    held = references.absolute(session, "/home/you/work/here", "/home/you")
    assert '"/home/you/work/here/cat.png"' in str(held.tool_results[0].result.content)
    assert references.relative(held, "/home/you/work/here") == session
    assert '"here/cat.png"' in str(references.relative(held, "/home/you/work").tool_results[0].result.content)


def test_a_path_that_would_be_read_as_something_else_begins_with_a_dot() -> None:
    assert references.from_folder("/w/s/file_011", "/w/s") == "./file_011"
    assert references.from_folder("/w/s/~a.png", "/w/s") == "./~a.png"


def test_the_sha256_is_kept_beside_the_path_once() -> None:
    said = attached.content("Hm.", [Json.of(attached.block("/a.png")), Json.of(attached.block("/b.png"))])
    session = Session(messages=(Message("m1", "user", said), Message("m2", "user", said, "m1")))
    stamped = references.stamped(session, [Sent("/real/a.png", "/a.png", "11")], ["m1"])
    assert [each.get("sha256") for each in attached.paths(stamped.messages[0].blocks)] == ["11", None]
    assert stamped.messages[1] is session.messages[1]
    assert references.stamped(stamped, [Sent("/real/a.png", "/a.png", "22")], ["m1"]).messages == stamped.messages


def test_a_file_that_is_another_by_now_has_its_new_sha256_where_it_had_one() -> None:
    said = attached.content("Hm.", [Json.of(attached.block("/a.png")), Json.of(attached.block("/b.png"))])
    session = Session(messages=(Message("m1", "user", said),))
    stamped = references.stamped(session, [Sent("/a.png", "/a.png", "11")], ["m1"])
    now = [Sent("/a.png", "/a.png", "22", "11"), Sent("/b.png", "/b.png", "33")]
    kept = references.renewed(stamped, now)
    assert [each.get("sha256") for each in attached.paths(kept.messages[0].blocks)] == ["22", None]
    assert references.renewed(stamped, [Sent("/a.png", "/a.png", "11", "11")]) is stamped


def test_who_vouches_for_a_file() -> None:
    outside = Sent("/x", "x", "11", outside=True)
    assert outside.strange
    assert not replace(outside, recorded="11").strange
    assert replace(outside, recorded="22").strange
    assert not replace(outside, agreed=True).strange
    assert replace(outside, recorded="22").changed
    assert not replace(outside, recorded="22", agreed=True).changed
