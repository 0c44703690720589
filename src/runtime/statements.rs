//! A migration file cut into its statements.
//!
//! Apart from running them: they are sent one by one, so that an error has its line, and so that what
//! cannot share a transaction stands alone. The rules are psql's (its `psqlscan.l`).

use std::iter;

/// One statement, without the semicolon and without the comments before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    pub sql: &'a str,
    /// The line of the file on which it begins, from 1.
    pub line: usize,
}

/// Cuts at each semicolon that ends a statement.
pub fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    let mut scan = Scan { text, at: 0 };
    let mut open = Open::default();
    while let Some(token) = scan.next() {
        match token {
            Token::Semicolon(at) if open.depth == 0 && open.begins == 0 => {
                found.extend(open.start.map(|start| Statement::of(text, start, at)));
                open = Open::default();
            }
            Token::Semicolon(at) | Token::Other(at) => open.start_at(at),
            Token::Open(at) => {
                open.start_at(at);
                open.depth += 1;
            }
            Token::Close(at) => {
                open.start_at(at);
                open.depth = open.depth.saturating_sub(1);
            }
            Token::Word(at, word) => {
                open.start_at(at);
                open.word(word);
            }
        }
    }
    found.extend(open.start.map(|start| Statement::of(text, start, text.len())));
    found
}

impl<'a> Statement<'a> {
    fn of(text: &'a str, start: usize, end: usize) -> Statement<'a> {
        Statement { sql: text[start..end].trim_end(), line: text[..start].matches('\n').count() + 1 }
    }

    /// Its first words in lower case, up to the first token that is none; comments do not count.
    pub fn words(&self) -> Vec<String> {
        let mut scan = Scan { text: self.sql, at: 0 };
        let mut words = Vec::new();
        while let Some(Token::Word(_, word)) = scan.next() {
            words.push(word.to_ascii_lowercase());
        }
        words
    }

    /// Whether the word, in lower case, stands anywhere in it, unquoted.
    pub fn has_word(&self, word: &str) -> bool {
        let mut scan = Scan { text: self.sql, at: 0 };
        iter::from_fn(|| scan.next())
            .any(|token| matches!(token, Token::Word(_, found) if found.eq_ignore_ascii_case(word)))
    }

    /// Whether it begins or ends a transaction; savepoints do neither.
    pub fn controls_transaction(&self) -> bool {
        let words = self.words();
        let words: Vec<&str> = words.iter().map(|word| &**word).collect();
        match words[..] {
            ["rollback", ..] => !words.contains(&"to"),
            ["prepare", "transaction", ..] => true,
            [first, ..] => ["begin", "start", "commit", "end", "abort"].contains(&first),
            [] => false,
        }
    }

    /// PostgreSQL's position, a count of characters from 1, as line of the file and column, from 1.
    pub fn place(&self, position: usize) -> (usize, usize) {
        let before: String = self.sql.chars().take(position.saturating_sub(1)).collect();
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        (self.line + before.matches('\n').count(), column)
    }
}

/// The statement that is being read.
#[derive(Default)]
struct Open {
    start: Option<usize>,
    depth: usize,
    /// `BEGIN ATOMIC … END` and the `CASE … END` in it, in the body of a function: semicolons in there
    /// end nothing.
    begins: usize,
    words: Vec<String>,
}

impl Open {
    fn start_at(&mut self, at: usize) {
        self.start.get_or_insert(at);
    }

    fn word(&mut self, word: &str) {
        let word = word.to_ascii_lowercase();
        if self.depth == 0 && self.creates_routine() {
            match &*word {
                "begin" => self.begins += 1,
                "case" if self.begins > 0 => self.begins += 1,
                "end" => self.begins = self.begins.saturating_sub(1),
                _ => {}
            }
        }
        if self.words.len() < 4 {
            self.words.push(word);
        }
    }

    fn creates_routine(&self) -> bool {
        let words: Vec<&str> = self.words.iter().map(|word| &**word).collect();
        matches!(
            words[..],
            ["create", "function" | "procedure", ..] | ["create", "or", "replace", "function" | "procedure"]
        )
    }
}

/// What matters of SQL's tokens, each with where it begins.
enum Token<'a> {
    Word(usize, &'a str),
    Semicolon(usize),
    Open(usize),
    Close(usize),
    Other(usize),
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    /// The next token that is neither space nor comment.
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let start = self.at;
            let rest = &self.text[start..];
            let first = rest.chars().next()?;
            if rest.starts_with("--") {
                self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += block_comment(rest);
            } else if first.is_whitespace() {
                self.at += first.len_utf8();
            } else {
                return Some(self.token(start, rest, first));
            }
        }
    }

    fn token(&mut self, start: usize, rest: &'a str, first: char) -> Token<'a> {
        let (length, token) = match first {
            ';' => (1, Token::Semicolon(start)),
            '(' => (1, Token::Open(start)),
            ')' => (1, Token::Close(start)),
            '\'' => (quoted(rest, '\'', false), Token::Other(start)),
            '"' => (quoted(rest, '"', false), Token::Other(start)),
            '$' => (dollar_quoted(rest).unwrap_or(1), Token::Other(start)),
            'e' | 'E' if rest[1..].starts_with('\'') => {
                (1 + quoted(&rest[1..], '\'', true), Token::Other(start))
            }
            _ if is_word_start(first) => {
                let length = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
                (length, Token::Word(start, &rest[..length]))
            }
            // `1$1` is no dollar quote: a number takes what follows it as a word would.
            _ if first.is_ascii_digit() => {
                (rest.find(|next| !is_word(next)).unwrap_or(rest.len()), Token::Other(start))
            }
            _ => (first.len_utf8(), Token::Other(start)),
        };
        self.at += length;
        token
    }
}

fn is_word_start(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || !character.is_ascii()
}

fn is_word(character: char) -> bool {
    is_word_start(character) || character.is_ascii_digit() || character == '$'
}

/// The length of a `/* … */`, which nests in SQL.
fn block_comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        let step = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a quoted token; a doubled quote needs no rule, being two tokens side by side.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
        } else if character == quote {
            // In an escape string the second of two quotes must stay inside: `E'a''\''`.
            match escapes && text[at + 1..].starts_with(quote) {
                true => characters.next(),
                false => return at + 1,
            };
        }
    }
    text.len()
}

/// The length of a `$tag$ … $tag$`, if one begins here; without an end it takes the rest.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag_end = 1 + text[1..].find('$')?;
    let tag = &text[1..tag_end];
    let good = tag.chars().all(|next| is_word_start(next) || next.is_ascii_digit())
        && !tag.starts_with(|first: char| first.is_ascii_digit());
    let delimiter = &text[..=tag_end];
    good.then(|| match text[tag_end + 1..].find(delimiter) {
        Some(end) => tag_end + 1 + end + delimiter.len(),
        None => text.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::statements;

    fn cut(text: &str) -> Vec<(usize, &str)> {
        statements(text).into_iter().map(|statement| (statement.line, statement.sql)).collect()
    }

    #[test]
    fn a_semicolon_inside_a_token_ends_nothing() {
        for one in [
            "SELECT 'a;''b;'",
            r"SELECT E'a\';''\';', 1",
            r#"CREATE TABLE "a;""b" (c text)"#,
            "DO $$ BEGIN; END $$",
            "DO $a$ $$;$b$; $a$",
            "SELECT 1 /* ; /* ; */ ; */ + 1",
            "SELECT 1 -- ;\n + 1",
            "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b)",
            "SELECT a$1$ FROM t",
        ] {
            let two = format!("{one};\nSELECT 2;");
            assert_eq!(cut(&two).iter().map(|(_, sql)| *sql).collect::<Vec<_>>(), [one, "SELECT 2"]);
        }
    }

    #[test]
    fn the_body_of_a_function_in_standard_sql_is_one_statement() {
        let function = "CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC\n\
                        SELECT CASE WHEN a > 0 THEN 1 END; SELECT 2;\nEND";
        assert_eq!(cut(&format!("{function};\nBEGIN;\nEND")), [(1, function), (4, "BEGIN"), (5, "END")]);
    }

    #[test]
    fn a_statement_begins_after_its_comments() {
        assert_eq!(cut("-- one\n/* two */\n  SELECT 1;;\n\n;SELECT ü"), [(3, "SELECT 1"), (5, "SELECT ü")]);
    }

    #[test]
    fn a_word_counts_where_it_is_one() {
        let all = statements(
            "ALTER TABLE a.b DETACH PARTITION c Concurrently; SELECT 'concurrently' AS \"concurrently\"",
        );
        assert_eq!(all.iter().map(|one| one.has_word("concurrently")).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_position_counts_characters() {
        let all = statements("\nSELECT 'ü',\n  x");
        assert_eq!(all[0].place(15), (3, 3));
    }
}
