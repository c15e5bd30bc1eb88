"""What must not be in the tree: names of real places from the source documents, real telephone numbers,
package registries, secrets. The words are kept as digests, so that the list itself does not hold them."""

import hashlib
import re

import pytest

from tests.architecture.tree import ROOT, files, name, text

DIGESTS = ROOT / "tests" / "architecture" / "kept_out.txt"
CHINESE = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-z][a-z0-9]*")
LENGTHS = range(2, 7)


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def windows(content: str) -> set[str]:
    """Every run of two to six Chinese characters, and every Latin word, of a text."""
    found = set()
    for run in set(CHINESE.findall(content)):
        for length in LENGTHS:
            found.update(run[i : i + length] for i in range(len(run) - length + 1))
    found.update(LATIN.findall(content.lower()))
    return found


@pytest.fixture(scope="module")
def kept_out() -> set[str]:
    lines = DIGESTS.read_text().splitlines()
    return {line for line in lines if len(line) == 64}


def hits(content: str, kept_out: set[str]) -> set[str]:
    return {word for word in windows(content) if digest(word) in kept_out}


def test_no_word_that_must_stay_out(kept_out):
    assert len(kept_out) > 60
    everything = "\n".join(text(path) for path in files()) + "\n" + "\n".join(name(path) for path in files())
    words = hits(everything, kept_out)
    found = sorted(
        f"{name(path)}: {word}"
        for word in words
        for path in files()
        if word in text(path).lower() + name(path)
    )
    assert found == []


def test_such_a_word_is_found_wherever_it_hides():
    """The search itself works, in the middle of a sentence and in a file name."""
    assert "青石坳" in hits("我们住在青石坳村口", {digest("青石坳")})
    assert "gostwick" in hits("docs/gostwick-plan.md", {digest("gostwick")})


def test_no_real_telephone_number():
    """Mobile numbers of the demo begin with 100, which no operator gives out."""
    found = []
    for path in files():
        if path.suffix == ".lock":
            continue
        for hit in re.finditer(r"(?<![\d.a-f])1[3-9]\d{9}(?![\da-f])", text(path)):
            found.append(f"{name(path)}:{text(path).count(chr(10), 0, hit.start()) + 1}: {hit[0]}")
    assert found == []


REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "docker" + ".io",
    "ghcr" + ".io",
]
REGISTRIES += [
    "jsdeli" + "vr.net",
    "unp" + "kg.com",
    "cloudfla" + "re.com",
    "tuna.tsinghua" + ".edu.cn",
    "mirrors." + "aliyun.com",
]


def test_no_registry_is_written_down():
    """Packages come from wherever this machine's pip is told; mirrors and CDNs are not ours to name."""
    found = [f"{name(path)}: {host}" for path in files() for host in REGISTRIES if host in text(path)]
    assert found == []


def test_no_key_or_password_lies_in_the_tree():
    private = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bhy_[A-Za-z0-9_-]{30,}|AKIA[0-9A-Z]{16}")
    assert [name(path) for path in files() if private.search(text(path))] == []
