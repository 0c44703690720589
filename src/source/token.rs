//! The tokens of one statement, with the bytes that each stands at, by sqlparser's tokenizer.
//!
//! Separate from `split` because these tokens only inform: where the tokenizer gives up, the
//! tokens before that are used and the statement runs all the same.

use std::ops::Range;

use sqlparser::{
    dialect::PostgreSqlDialect,
    tokenizer::{Location, Token as Parsed, Tokenizer},
};

/// White space and comments are left out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub kind: Kind,
    /// In the text that was given.
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// An unquoted word, folded to lower case as PostgreSQL folds it.
    Word(String),
    /// A quoted name, as it is stored.
    Quoted(String),
    /// A string literal's value.
    Text(String),
    /// The inside of a dollar-quoted string.
    Body(String),
    Symbol(char),
    /// A number, or an operator of several characters.
    Other,
}

impl Token {
    /// Its name, when it can be one.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(name) | Kind::Quoted(name) => Some(name),
            _ => None,
        }
    }

    /// What an option is set to: a name or a string.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(text) | Kind::Quoted(text) | Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Is it this unquoted word, given in lower case?
    pub fn is(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(found) if found == word)
    }

    pub fn is_symbol(&self, symbol: char) -> bool {
        self.kind == Kind::Symbol(symbol)
    }
}

pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let dialect = PostgreSqlDialect {};
    let mut parsed = Vec::new();
    // What it could not read stays out; what came before is as good as ever.
    let _ = Tokenizer::new(&dialect, text).tokenize_with_location_into_buf(&mut parsed);
    let mut cursor = Cursor { text, at: 0, location: Location::new(1, 1) };
    let mut tokens: Vec<Token> = Vec::new();
    for token in parsed {
        let kind = match token.token {
            Parsed::Whitespace(_) | Parsed::EOF => continue,
            Parsed::Word(word) if word.quote_style.is_some() => Kind::Quoted(stored(word.value)),
            Parsed::Word(word) => Kind::Word(stored(word.value.to_ascii_lowercase())),
            Parsed::SingleQuotedString(text)
            | Parsed::EscapedStringLiteral(text)
            | Parsed::UnicodeStringLiteral(text)
            | Parsed::NationalStringLiteral(text) => Kind::Text(text),
            Parsed::DollarQuotedString(body) => Kind::Body(body.value),
            Parsed::LParen => Kind::Symbol('('),
            Parsed::RParen => Kind::Symbol(')'),
            Parsed::Comma => Kind::Symbol(','),
            Parsed::Period => Kind::Symbol('.'),
            Parsed::SemiColon => Kind::Symbol(';'),
            Parsed::DoubleColon => Kind::Symbol(':'),
            Parsed::Eq => Kind::Symbol('='),
            _ => Kind::Other,
        };
        let start = cursor.forward(token.span.start);
        let end = cursor.forward(token.span.end);
        tokens.push(Token { kind, range: start..end });
    }
    tokens
}

/// PostgreSQL cuts names to 63 bytes, at the start of a character.
fn stored(mut name: String) -> String {
    const NAMEDATALEN: usize = 64;
    if name.len() >= NAMEDATALEN {
        name.truncate(name.floor_char_boundary(NAMEDATALEN - 1));
    }
    name
}

/// Turns lines and columns, counted in characters, into bytes; only ever forward.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    location: Location,
}

impl Cursor<'_> {
    fn forward(&mut self, to: Location) -> usize {
        for character in self.text[self.at..].chars() {
            if self.location >= to {
                break;
            }
            self.at += character.len_utf8();
            if character == '\n' {
                self.location = Location::new(self.location.line + 1, 1);
            } else {
                self.location.column += 1;
            }
        }
        self.at
    }
}
