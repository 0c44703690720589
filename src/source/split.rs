//! Cuts a file into statements by PostgreSQL's own lexical rules (`scan.l`, `psqlscan.l`).
//!
//! Separate from `token`, and not left to sqlparser's tokenizer: a cut in the wrong place loses a
//! statement, so this file knows only what a `;` can hide in, and knows all of that.

use std::ops::Range;

/// What a file holds, in bytes of its text.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// Each statement from its first token to its last, without the `;`.
    pub statements: Vec<Range<usize>>,
    /// Each `COPY … FROM stdin` that rows follow: pg_dump writes those beside the schema.
    pub rows: Vec<Range<usize>>,
    /// Each comment, with its marks.
    pub comments: Vec<Range<usize>>,
}

/// Why a file cannot be cut: what is wrong, what to do, and where.
#[derive(Debug)]
pub(super) struct Uncut {
    pub code: &'static str,
    pub message: String,
    pub help: &'static str,
    pub range: Range<usize>,
}

pub(super) fn split(text: &str) -> Result<Split, Uncut> {
    let mut cut = Cutter {
        text,
        bytes: text.as_bytes(),
        at: 0,
        split: Split::default(),
        open: Open::default(),
        connected: false,
    };
    cut.run()?;
    Ok(cut.split)
}

struct Cutter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    split: Split,
    open: Open,
    /// psql's `\connect` was met: what follows is in another database than what a second one would start.
    connected: bool,
}

/// The statement being read.
#[derive(Default)]
struct Open {
    /// From its first token to the end of its last one so far.
    range: Option<Range<usize>>,
    /// Its first words in upper case; six tell `CREATE OR REPLACE PROCEDURE` and `COPY … FROM stdin`.
    words: Vec<String>,
    parentheses: usize,
    /// How deep in `BEGIN ATOMIC … END` and `CASE … END`.
    blocks: usize,
    /// The word before, when nothing but white space was since.
    last: String,
    copies_data: bool,
}

impl Cutter<'_> {
    fn run(&mut self) -> Result<(), Uncut> {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {
                    self.at += 1;
                    continue;
                }
                b'-' if self.next_is(b'-') => {
                    self.at = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
                    self.split.comments.push(start..self.at);
                    continue;
                }
                b'/' if self.next_is(b'*') => {
                    self.block_comment()?;
                    self.split.comments.push(start..self.at);
                    continue;
                }
                b'\\' => {
                    self.psql_line()?;
                    continue;
                }
                b';' if self.open.parentheses == 0 && self.open.blocks == 0 => {
                    self.at += 1;
                    self.finish()?;
                    continue;
                }
                b'\'' => self.string(false)?,
                b'"' => self.quoted(start, b'"', "a quoted name", "close it with \"")?,
                b'$' => self.dollar()?,
                b'(' => {
                    self.at += 1;
                    self.open.parentheses += 1;
                }
                b')' => {
                    self.at += 1;
                    self.open.parentheses = self.open.parentheses.saturating_sub(1);
                }
                b'0'..=b'9' => self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
                _ if starts_word(byte) => self.word()?,
                _ => self.at += 1,
            }
            if !starts_word(byte) {
                self.open.last.clear();
            }
            let first = self.open.range.as_ref().map_or(start, |range| range.start);
            self.open.range = Some(first..self.at);
        }
        self.finish()
    }

    fn finish(&mut self) -> Result<(), Uncut> {
        let open = std::mem::take(&mut self.open);
        let Some(range) = open.range else { return Ok(()) };
        if !open.copies_data {
            self.split.statements.push(range);
            return Ok(());
        }
        // Rows begin on the next line and end at `\\.` on a line of its own.
        let rest = &self.text[self.at..];
        let begin = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let mut end = begin;
        for line in rest[begin..].split_inclusive('\n') {
            if line.trim_end_matches(['\r', '\n']) == "\\." {
                if end > begin {
                    self.split.rows.push(range);
                }
                self.at += end + "\\.".len();
                return Ok(());
            }
            end += line.len();
        }
        Err(Uncut {
            code: "unclosed",
            message: "the rows of this COPY do not end".into(),
            help: "end them with a line `\\.`, or leave them out: `pg_dump --schema-only`",
            range,
        })
    }

    fn next_is(&self, byte: u8) -> bool {
        self.bytes.get(self.at + 1) == Some(&byte)
    }

    fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|&byte| belongs(byte)) {
            self.at += 1;
        }
    }

    fn word(&mut self) -> Result<(), Uncut> {
        let start = self.at;
        self.skip_while(continues_word);
        let word = &self.text[start..self.at];
        if word.eq_ignore_ascii_case("e") && self.bytes.get(self.at) == Some(&b'\'') {
            return self.string(true);
        }
        let upper = word.to_ascii_uppercase();
        let open = &mut self.open;
        if open.parentheses == 0 && is_routine(&open.words) {
            match upper.as_str() {
                "ATOMIC" if open.last == "BEGIN" => open.blocks += 1,
                "CASE" if open.blocks > 0 => open.blocks += 1,
                "END" => open.blocks = open.blocks.saturating_sub(1),
                _ => {}
            }
        }
        if upper == "STDIN" && open.last == "FROM" && open.words.first().is_some_and(|word| word == "COPY") {
            open.copies_data = true;
        }
        if open.words.len() < 4 {
            open.words.push(upper.clone());
        }
        open.last = upper;
        Ok(())
    }

    /// A string continues after white space with a newline in it, by the rules that it began with.
    fn string(&mut self, escapes: bool) -> Result<(), Uncut> {
        let start = self.at;
        loop {
            if escapes {
                self.escaped(start)?;
            } else {
                self.quoted(start, b'\'', "a string", "close it with '")?;
            }
            let end = self.at;
            self.skip_while(|byte| byte.is_ascii_whitespace());
            let continued = self.bytes.get(self.at) == Some(&b'\'') && self.text[end..self.at].contains('\n');
            if !continued {
                self.at = end;
                return Ok(());
            }
        }
    }

    fn quoted(&mut self, start: usize, quote: u8, what: &str, help: &'static str) -> Result<(), Uncut> {
        self.at += 1;
        loop {
            self.skip_while(|byte| byte != quote);
            if self.at == self.bytes.len() {
                return Err(unclosed(what, help, start..start + 1));
            }
            self.at += 1;
            if self.bytes.get(self.at) != Some(&quote) {
                return Ok(());
            }
            self.at += 1;
        }
    }

    fn escaped(&mut self, start: usize) -> Result<(), Uncut> {
        self.at += 1;
        loop {
            self.skip_while(|byte| byte != b'\'' && byte != b'\\');
            match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(b'\\'), Some(_)) | (Some(b'\''), Some(b'\'')) => self.at += 2,
                (Some(b'\''), _) => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(unclosed("a string", "close it with '", start..start + 1)),
            }
        }
    }

    /// `$tag$ … $tag$`, or a parameter (`$1`), or an operator character.
    fn dollar(&mut self) -> Result<(), Uncut> {
        let start = self.at;
        self.at += 1;
        if self.bytes.get(self.at).is_some_and(|&byte| starts_word(byte)) {
            self.skip_while(|byte| continues_word(byte) && byte != b'$');
        }
        if self.bytes.get(self.at) != Some(&b'$') {
            self.at = start + 1;
            return Ok(());
        }
        self.at += 1;
        let tag = &self.text[start..self.at];
        let Some(length) = self.text[self.at..].find(tag) else {
            return Err(unclosed(
                "a dollar-quoted string",
                "end it with the tag that it starts with",
                start..self.at,
            ));
        };
        self.at += length + tag.len();
        Ok(())
    }

    /// Comments nest in PostgreSQL.
    fn block_comment(&mut self) -> Result<(), Uncut> {
        let start = self.at;
        let mut depth = 0;
        loop {
            match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(b'/'), Some(b'*')) => (depth, self.at) = (depth + 1, self.at + 2),
                (Some(b'*'), Some(b'/')) => (depth, self.at) = (depth - 1, self.at + 2),
                (Some(_), Some(_)) => self.at += 1,
                _ => {
                    let help = "end it with */; comments nest, so each /* needs its own";
                    return Err(unclosed("a comment", help, start..start + 2));
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Outside of quotes, a backslash is never SQL: it starts a command to psql.
    fn psql_line(&mut self) -> Result<(), Uncut> {
        let start = self.at;
        self.at = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
        let line = self.text[start..self.at].trim_end();
        let command = line.split_whitespace().next().unwrap_or(line);
        let refused = |message: String, help| {
            Err(Uncut { code: "psql-command", message, help, range: start..start + line.len() })
        };
        match command {
            "\\restrict" | "\\unrestrict" if self.open.range.is_none() => Ok(()),
            "\\connect" | "\\c" if self.open.range.is_none() && !self.connected => {
                self.connected = true;
                Ok(())
            }
            "\\connect" | "\\c" => refused(
                format!("`{command}` goes to another database; a schema is one database"),
                "keep one file for each database",
            ),
            "\\i" | "\\ir" | "\\include" | "\\include_relative" => refused(
                format!("`{command}` is a command of psql, not SQL"),
                "give the files, or the folder that holds them, instead of a file that includes them",
            ),
            _ => refused(
                format!("`{command}` is a command of psql, not SQL"),
                "take it out; only \\restrict, \\unrestrict and one \\connect are skipped",
            ),
        }
    }
}

fn unclosed(what: &str, help: &'static str, range: Range<usize>) -> Uncut {
    Uncut { code: "unclosed", message: format!("{what} begins here and never ends"), help, range }
}

/// Is `BEGIN ATOMIC` a body here?
fn is_routine(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["CREATE", "FUNCTION" | "PROCEDURE", ..] | ["CREATE", "OR", "REPLACE", "FUNCTION" | "PROCEDURE", ..]
    )
}

/// PostgreSQL takes every byte beyond ASCII for a letter.
fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn continues_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'$'
}
