"""What a terminal shows of the bytes that a program writes: as much of one as the live screen of
`mcpctl load run` needs. Anything that it does not know fails the test that uses it."""

import codecs
import re
import unicodedata

SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([@-~])")


class Terminal:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [""]  # with what has scrolled off
        self.row = self.column = 0
        self.cursor_visible = True
        self.coloured = False
        self.colours_used = set()
        self.ups = 0
        self.broken = set()  # rows that are wider than the window
        self.rest = ""
        self.decode = codecs.getincrementaldecoder("utf-8")().decode

    def feed(self, data):
        text = self.rest + self.decode(data)
        self.rest = ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                sequence = SEQUENCE.match(text, at)
                if sequence is None and len(text) - at < 12:
                    self.rest = text[at:]
                    return
                assert sequence, f"unknown escape sequence: {text[at:at + 12]!r}"
                self.control(*sequence.groups())
                at = sequence.end()
            else:
                self.put(text[at])
                at += 1

    def control(self, argument, final):
        if final == "A":
            self.ups += 1
            top = max(0, len(self.lines) - self.rows)
            self.row = max(top, self.row - int(argument or 1))
            # Each of them takes two rows, and so what goes up would not come far enough.
            wide = [self.lines[row] for row in self.broken if row >= self.row]
            assert not wide, f"drawn over lines that the window had broken: {wide}"
        elif final == "K" and argument in ("", "0"):
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif final == "J" and argument in ("", "0"):
            self.lines[self.row] = self.lines[self.row][:self.column]
            del self.lines[self.row + 1:]
        elif final == "m":
            self.coloured = argument not in ("", "0")
            self.colours_used.add(argument)
        elif argument == "?25":
            self.cursor_visible = final == "h"
        else:
            raise AssertionError(f"unknown control sequence: CSI {argument} {final}")

    def put(self, letter):
        if letter == "\r":
            self.column = 0
        elif letter == "\n":  # the line discipline has put \r before it
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
        else:
            assert letter.isprintable(), f"control character {letter!r}"
            width = 0 if unicodedata.combining(letter) else 1
            if self.column + width > self.columns:
                self.broken.add(self.row)
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[:self.column] + letter + line[self.column + 1:]
            self.column += width

    def text(self):
        return "\n".join(line.rstrip() for line in self.lines)
