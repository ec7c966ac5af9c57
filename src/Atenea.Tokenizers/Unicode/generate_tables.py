"""Writes unicode_tables.txt: what the reference library (tokenizers 0.23.3) believes about every code point.

The library mixes several Unicode versions (its punctuation table is older than its lower-casing), so no single
Unicode release, and no runtime's own tables, would give the same ids. Each table is therefore observed, not copied:
run `python3 generate_tables.py > unicode_tables.txt` with `tokenizers` installed.

Format: `@name` starts a table. Set tables: `start-end` or `start`, hexadecimal. Map tables: `start-end+delta/step` or
`code=code.code`. Values of scripts and categories follow a colon.
"""
import unicodedata
from tokenizers import Regex, normalizers as N, pre_tokenizers as P

ALL = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
TEXT = "".join(map(chr, ALL))


def ranges(codes):
    out, codes = [], sorted(codes)
    for c in codes:
        if out and c == out[-1][1] + 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def show(r, suffix=""):
    a, b = r
    return (f"{a:x}" if a == b else f"{a:x}-{b:x}") + suffix


def emit(name, items):
    print("@" + name)
    line = ""
    for item in items:
        if len(line) + len(item) > 150:
            print(line)
            line = ""
        line += (" " if line else "") + item
    if line:
        print(line)


def emit_set(name, codes):
    emit(name, [show(r) for r in ranges(codes)])


def by_regex(pattern):
    hit = set()
    for piece, (s, e) in P.Split(Regex("(?:" + pattern + ")+"), "removed", invert=True).pre_tokenize_str(TEXT):
        hit.update(range(s, e))
    return {ALL[i] for i in hit}


def by_char(test):
    return [c for c in ALL if test(chr(c))]


# Sets of the BERT pipeline.
clean = N.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
marks = N.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
cjk = N.BertNormalizer(clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False)
emit_set("clean_removed", by_char(lambda c: clean.normalize_str(c) == ""))
emit_set("clean_space", by_char(lambda c: clean.normalize_str(c) == " "))
emit_set("cjk", by_char(lambda c: len(cjk.normalize_str(c)) == 3))
emit_set("mark_nonspacing", by_char(lambda c: marks.normalize_str("a" + c) == "a"))
emit_set("mark", by_char(lambda c: N.StripAccents().normalize_str(c) == ""))
emit_set("punctuation", by_char(lambda c: len(P.Punctuation("isolated").pre_tokenize_str("a" + c)) == 2))
emit_set("white_space", by_char(lambda c: P.WhitespaceSplit().pre_tokenize_str(c) == []))
emit_set("word", by_char(lambda c: len(P.Whitespace().pre_tokenize_str("a" + c)) == 1 and P.WhitespaceSplit().pre_tokenize_str(c) != []))
emit_set("numeric", by_char(lambda c: len(P.Digits(individual_digits=True).pre_tokenize_str("a" + c)) == 2))

# General categories, scripts and the word class as the regular expression library sees them.
names = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co".split()
category = []
for n in names:
    category += [(r[0], r[1], n) for r in ranges(by_regex(r"\p{%s}" % n))]
emit("category", [show((a, b), ":" + n) for a, b, n in sorted(category)])
emit_set("regex_word", by_regex(r"\w"))
scripts = "Arabic Armenian Bengali Bopomofo Common Cyrillic Devanagari Georgian Greek Han Hangul Hebrew Hiragana Inherited Katakana Khmer Lao Latin Myanmar Tamil Telugu Thai Tibetan".split()
script = []
for n in scripts:
    script += [(r[0], r[1], n) for r in ranges(by_regex(r"\p{%s}" % n))]
emit("regex_script", [show((a, b), ":" + n) for a, b, n in sorted(script)])

# Scripts of the UnicodeScripts pre-tokenizer: classes by comparison with one representative each. Class 0 joins anything.
us = P.UnicodeScripts()
same = lambda a, b: len(us.pre_tokenize_str(chr(a) + chr(b))) == 1
classes, table, reps = [], [], []
runs, last = [], None
for piece, (s, e) in us.pre_tokenize_str(TEXT):
    runs.append((ALL[s], ALL[e - 1]))
flat = []
for a, b in runs:
    for c in range(a, b + 1):
        if 0xD800 <= c < 0xE000:
            continue
        joins = same(c, 0x41) and same(c, 0x416)
        if flat and flat[-1][2] == joins and flat[-1][1] == c - 1 and flat[-1][3] == a:
            flat[-1][1] = c
        else:
            flat.append([c, c, joins, a])
for a, b, joins, _ in flat:
    if joins:
        k = 0
    else:
        k = next((i + 1 for i, r in enumerate(reps) if same(r, a)), None)
        if k is None:
            reps.append(a)
            k = len(reps)
    if table and table[-1][2] == k and table[-1][1] == a - 1:
        table[-1][1] = b
    else:
        table.append([a, b, k])
emit("script", [show((a, b), f":{k}") for a, b, k in table])


# Maps.
def emit_map(name, pairs):
    """pairs: code -> string. Single results with one distance and a step of 1 or 2 are joined."""
    out, pending = [], None
    for c, s in sorted(pairs.items()):
        if len(s) == 1:
            d = ord(s) - c
            if pending and pending[3] == d and (c - pending[1] == pending[2] or (pending[0] == pending[1] and c - pending[1] in (1, 2))):
                pending = [pending[0], c, c - pending[1], d]
                continue
            if pending:
                out.append(f"{pending[0]:x}-{pending[1]:x}+{pending[3]}/{pending[2]}")
            pending = [c, c, 1, d]
        else:
            if pending:
                out.append(f"{pending[0]:x}-{pending[1]:x}+{pending[3]}/{pending[2]}")
                pending = None
            out.append(f"{c:x}=" + ".".join(f"{ord(x):x}" for x in s))
    if pending:
        out.append(f"{pending[0]:x}-{pending[1]:x}+{pending[3]}/{pending[2]}")
    emit(name, out)


hangul = lambda c: 0xAC00 <= c < 0xD7A4
nfd, nfkd, nfc, low = N.NFD(), N.NFKD(), N.NFC(), N.Lowercase()
canonical = {c: nfd.normalize_str(chr(c)) for c in ALL if not hangul(c) and nfd.normalize_str(chr(c)) != chr(c)}
compatible = {c: nfkd.normalize_str(chr(c)) for c in ALL if not hangul(c) and nfkd.normalize_str(chr(c)) != nfd.normalize_str(chr(c))}
emit_map("lowercase", {c: low.normalize_str(chr(c)) for c in ALL if low.normalize_str(chr(c)) != chr(c)})
emit_map("canonical", canonical)
emit_map("compatible", compatible)

# Compositions: pairs that NFC joins again. The first part may itself be composed.
pairs = []
for c, s in canonical.items():
    if len(s) >= 2 and nfc.normalize_str(s) == chr(c):
        pairs.append(f"{ord(nfc.normalize_str(s[:-1])):x}.{ord(s[-1]):x}={c:x}")
emit("composition", pairs)

# Combining classes: where a mark goes when sorted against marks of known class.
top, bottom = "\u0345", "\u0334"
sorts = lambda s: nfd.normalize_str("a" + top + s) != "a" + top + s or nfd.normalize_str("a" + s + bottom) != "a" + s + bottom
known = {}
for c in ALL:
    k = unicodedata.combining(chr(c))
    if k and k not in known and c not in canonical and sorts(chr(c)):
        known[k] = c
levels = sorted(known)
ccc = []
for c in ALL:
    s = chr(c)
    if canonical.get(c, s) != s or hangul(c):
        continue
    if not sorts(s):
        continue
    for k in levels:
        r = chr(known[k])
        if nfd.normalize_str("a" + r + s) == "a" + r + s and nfd.normalize_str("a" + s + r) == "a" + s + r:
            ccc.append((c, k))
            break
    else:
        raise SystemExit(f"no class for {c:x}")
grouped = []
for c, k in ccc:
    if grouped and grouped[-1][2] == k and grouped[-1][1] == c - 1:
        grouped[-1][1] = c
    else:
        grouped.append([c, c, k])
emit("combining_class", [show((a, b), f":{k}") for a, b, k in grouped])
