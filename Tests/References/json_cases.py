"""Makes Tests/DataTests/JSONCases.swift: texts with the verdict of Python's json.

Python is made strict: no NaN or Infinity, no key twice, no lone surrogate, no number that
overflows a double, UTF-8 without a byte order mark. Run: python3 json_cases.py > JSONCases.swift
"""

import json
import math


def strict(text: bytes):
    def no_constant(name):
        raise ValueError(name)

    def pairs(items):
        if len({key for key, _ in items}) != len(items):
            raise ValueError("key twice")
        return dict(items)

    def number(digits):
        value = float(digits)
        if math.isinf(value):
            raise ValueError("overflow")
        return value

    decoded = text.decode("utf-8")
    value = json.loads(
        decoded, parse_constant=no_constant, object_pairs_hook=pairs, parse_float=number,
        parse_int=number)
    json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails for lone surrogates
    return value


CASES = [
    # Numbers.
    b"0", b"-0", b"1", b"-1", b"12", b"0.5", b"-0.5", b"1e3", b"1E3", b"1e+3", b"1e-3", b"1.5e10",
    b"0e0", b"0.0", b"0e+00", b"1e0001", b"1e-400", b"1.7976931348623157e308", b"5e-324",
    b"123456789012345678901234567890", b"0.1000000000000000055511151231257827021181583404541015625",
    b"01", b"-01", b"00", b"+1", b"1.", b".5", b"-.5", b"1.e3", b"1e", b"1e+", b"1e-", b"1ee3", b"-",
    b"--1", b"1-", b"1+1", b"0x10", b"1_000", b"1,000", b"1e400", b"-1e400", b"1.8e308", b"NaN",
    b"nan", b"Infinity", b"-Infinity", b"inf", b"1 2", b"1.2.3", b"0.", b"00.5", b"1e3.5", b"1f",
    b"1L", "\uff11".encode(), "\u0661".encode(), b"- 1", b"1e 3", b"-e1", b"e1",
    # Words.
    b"true", b"false", b"null", b"True", b"TRUE", b"None", b"nul", b"nulll", b"truefalse", b"tru",
    b"undefined", b"t", b"true false", b"nan", b"\ttrue\r\n",
    # Texts.
    b'""', b'"a"', b'"\\""', b'"\\\\"', b'"\\/"', b'"\\b\\f\\n\\r\\t"', b'"\\u0041"', b'"\\u00e9"',
    b'"\\uD83D\\uDE00"', b'"\\ud83d\\ude00"', '"é"'.encode(), '"😀"'.encode(), b'"\x7f"',
    b'"\\u0000"', '"\u2028\u2029"'.encode(), '"\uffff"'.encode(), b'"/"', b'"\\u12Ab"',
    b'"', b'"a', b'a"', b"'a'", b'"\\"', b'"\\a"', b'"\\x41"', b'"\\u"', b'"\\u004"', b'"\\u004g"',
    b'"\\u 041"', b'"\\u+041"', b'"\\U0041"', b'"\\ud800"', b'"\\udc00"', b'"\\ud800\\u0041"',
    b'"\\ud800\\ud800"', b'"\\udc00\\ud800"', b'"\\ud800x"', b'"\n"', b'"\t"', b'"\x00"', b'"\x1f"',
    b'"\xff"', b'"\xc3"', b'"\xc3("', b'"\xc0\x80"', b'"\xe0\x80\x80"', b'"\xed\xa0\x80"',
    b'"\xed\xbf\xbf"', b'"\xf4\x90\x80\x80"', b'"\xf0\x80\x80\x80"', b'"\xf5\x80\x80\x80"',
    b'"\xe2\x82"', b'"\x80"', b'"\xf0\x9f\x98\x80"', b'"\xf0\x9f\x98"', b'"\\', b'"\\u00', b'"a" "b"',
    # Arrays.
    b"[]", b"[ ]", b"[1]", b"[1,2]", b"[ 1 , 2 ]", b"[[]]", b"[[1],[2,[3]]]", b"[null,true,\"x\"]",
    b"[", b"]", b"[1", b"[1,", b"[1,]", b"[,1]", b"[1,,2]", b"[1 2]", b"[1;2]", b"[]]", b"[[]",
    b"[1}", b"[1:2]", b"[\n1\n,\n2\n]", b"[-]", b"[,]", b"[\"a\",\n4\n,1,", b"(1)", b"[1\x00]",
    b"[1]\x00", b"[1] x", b"[1],", b"[1]\n", b"\xc2\xa0[1]", b"[\x0c1]", b"[\x0b1]", b"[#1]",
    b"[1]//x", b"[1/*x*/]", b"\xef\xbb\xbf[1]", b"[...]", b"[1,2,3,4,5,6,7,8,9,10,-0.5e-7]",
    # Objects.
    b"{}", b"{ }", b'{"a":1}', b'{"a":1,"b":2}', b'{ "a" : { "b" : [ ] } }', b'{"":0}',
    b'{"a":null}', b'{"\\u0061":1}', b'{"a":1,"A":2}', '{"é":1,"e\u0301":2}'.encode(),
    b'{"a":1,"a":1}', b'{"a":1,"\\u0061":1}', b'{"a":1,"b":{"a":1},"a":3}', b"{", b"}", b'{"a"}',
    b'{"a":}', b'{"a":1', b'{"a":1,}', b"{,}", b"{a:1}", b"{'a':1}", b"{1:2}", b'{"a" 1}',
    b'{"a"::1}', b'{"a":1 "b":2}', b'{"a":1;"b":2}', b'{"a":1]', b'{"a":1}}', b'{"a",1}',
    b'{null:1}', b'{"a":1,,"b":2}', b'{"a":"b":1}', b'{:1}', b'{"a":1}#', b'{"a":tru}',
    b'{"0":0,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}',
    b'{"0":0,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"3":3}',
    # White space and nothing.
    b"", b" ", b"\n", b"\t\r\n 1 \t\r\n", b"\x00", b"\xff\xfe1\x00", b"1\x00", b"\xe2\x80\x8b1",
]


def verdict(text: bytes) -> bool:
    try:
        strict(text)
        return True
    except (ValueError, UnicodeError):
        return False


def swift(text: bytes) -> str:
    body = "".join(
        chr(b) if 0x20 <= b < 0x7F and chr(b) not in '"\\' else f"\\u{{{b:X}}}" for b in text)
    return f'    ("{body}", {"true" if verdict(text) else "false"}),'


print("// Made by Tests/References/json_cases.py; not edited by hand.")
print()
print("/// Texts, a character for each byte, and whether Python's json, made strict, takes them.")
print("enum JSONCases {")
print("  static let all: [(text: String, isValid: Bool)] = [")
seen = set()
for case in CASES:
    if case not in seen:
        seen.add(case)
        print(swift(case))
print("  ]")
print("}")
