# SPDX-License-Identifier: GPL-2.0-only
"""Writes the patches of "without" anew after the files have changed: see
"series --refresh"."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent.parent

# What needs hands: files with the conflicts of a patch, as PATCH/FILE.
CONFLICTS = HERE / "conflicts"


class Hunks:
    """What a patch of "without" does, file by file."""

    def __init__(self, path):
        self.path, text = path, path.read_text()
        parts = re.split(r"^(?=--- a/)", text, flags=re.M)
        self.about = parts[0]
        self.files = {re.match(r"--- a/(\S+)", p)[1]: p for p in parts[1:]}

    def apply(self, name, text, fuzz):
        """TEXT of a file after this patch, or None if it does not apply."""
        if name not in self.files:
            return text
        with tempfile.TemporaryDirectory() as work:
            path = pathlib.Path(work, "file")
            path.write_text(text)
            done = subprocess.run(
                ["patch", "-s", f"-F{fuzz}", "--no-backup-if-mismatch",
                 "-r", "-", path], input=self.files[name], text=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return path.read_text() if done.returncode == 0 else None


def count_conflicts(text):
    return len(re.findall(r"^<<<<<<< ", text, re.M))


def git_text(*args):
    return subprocess.run(("git", "-C", TOP) + args, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True).stdout


def find_base(name, patch, earlier):
    """The newest version of a file that a patch applies to, after the patches
    before it; and what it makes of it."""
    for commit in git_text("log", "-n200", "--format=%H", "--", name).split():
        text = git_text("show", f"{commit}:{name}")
        for other in earlier:
            text = text and other.apply(name, text, 0)
        result = text and patch.apply(name, text, 0)
        if result is not None:
            return text, result
    return None


# A conflict where the patch only removes lines, with what became of them.
REMOVED = re.compile(r"^<<<<<<< now\n((?:(?!<<<<<<<|\|\|\|\|\|\|\|).*\n)*)"
                     r"^\|{7} before\n(?:(?!=======$).*\n)*"
                     r"^=======\n>>>>>>> .*\n", re.M)


def merge(name, patch, earlier, now):
    """A three-way merge of what a patch does to a file. Returns the text, and
    how many conflicts it has. Lines that the patch removes are removed although
    they have changed."""
    found = find_base(name, patch, earlier)
    if not found:
        return now + "<<<<<<< no version of this file takes\n" + \
            patch.files[name] + ">>>>>>>\n", 1
    with tempfile.TemporaryDirectory() as work:
        paths = [pathlib.Path(work, n) for n in ("now", "base", "patched")]
        for path, text in zip(paths, (now,) + found):
            path.write_text(text)
        done = subprocess.run(
            ["git", "merge-file", "-p", "--diff3", "-L", "now", "-L", "before",
             "-L", patch.path.name] + paths, stdout=subprocess.PIPE, text=True,
            check=False)
    text, removed = REMOVED.subn("", done.stdout)
    if removed:
        print(f"{patch.path.name}: {name}: removes lines that have changed")
    return text, count_conflicts(text)


def refresh_file(name, patch, earlier, now):
    """What a patch makes of a file that has changed. Returns None after a
    conflict, which is left for hands."""
    by_hand = CONFLICTS / patch.path.stem / name
    if by_hand.exists():
        text = by_hand.read_text()
        count = count_conflicts(text)
    else:
        text = patch.apply(name, now, 2)
        if text is not None:
            return text
        text, count = merge(name, patch, earlier, now)
        print(f"{patch.path.name}: {name}: merged" +
              (f", {count} conflicts" if count else ""))
    if not count:
        return text
    by_hand.parent.mkdir(parents=True, exist_ok=True)
    by_hand.write_text(text)
    print(f"{patch.path.name}: {name} needs hands: edit "
          f"{by_hand.relative_to(TOP)}", file=sys.stderr)
    return None


def diff(name, old, new):
    with tempfile.TemporaryDirectory() as work:
        paths = [pathlib.Path(work, n) for n in "ab"]
        for path, text in zip(paths, (old, new)):
            path.write_text(text)
        return subprocess.run(
            ["diff", "-U1", "--label", f"a/{name}", "--label", f"b/{name}"] +
            paths, stdout=subprocess.PIPE, text=True).stdout


def refresh(paths, tree):
    """Write the patches anew as they apply, in this order, to the files TREE."""
    earlier, written, stuck = [], {}, set()
    for path in paths:
        patch = Hunks(path)
        text = patch.about
        for name in patch.files:
            if name in stuck:
                continue
            if name not in tree:
                sys.exit(f"{path.name}: {name} is gone; remove it there, or "
                         "rename it")
            new = refresh_file(name, patch, earlier, tree[name])
            if new is None:
                stuck.add(name)
            else:
                text += diff(name, tree[name], new)
                tree[name] = new
        written[path] = text
        earlier.append(patch)
    if stuck:
        sys.exit("edit these files until they are what the series has, then "
                 "run --refresh again")
    for path, text in written.items():
        if path.read_text() != text:
            path.write_text(text)
            print(f"{path.name} is written anew")
    shutil.rmtree(CONFLICTS, ignore_errors=True)
