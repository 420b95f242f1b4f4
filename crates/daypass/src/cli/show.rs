//! Data on standard output: a table for people, JSON for programs.
//!
//! Names come from strangers. On a terminal a name could move the cursor, change colours or turn
//! the reading direction, so every such character is written as its number, in both forms.
//!
//! **Source**: users page, section 9; requirement S85 (hostile names) as it applies to a terminal.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use serde::Serialize;

use super::say;
use super::session::Output;

/// The widest cell of a table that has several columns.
const CELL_CHARS_MAX: usize = 120;

/// How data is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Show {
    output: Output,
    colour: bool,
}

/// Rows under headings. Without headings it is a list of names and values.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Show {
    /// For this form; colours only where they are wanted and somebody can see them.
    pub(super) fn new(output: Output, plain: bool) -> Self {
        Self {
            output,
            colour: !plain && std::io::stdout().is_terminal(),
        }
    }

    /// Whether a program reads.
    pub(super) fn is_json(self) -> bool {
        self.output == Output::Json
    }

    /// Writes data in the form that was asked for.
    pub(super) fn data(self, value: &impl Serialize, table: &Table) {
        match self.output {
            Output::Table => {
                for line in table.lines(self.colour) {
                    say(&line);
                }
            }
            Output::Json => say(&json(value)),
        }
    }

    /// A line for people; programs do not get it.
    pub(super) fn line(self, line: &str) {
        if self.output == Output::Table {
            say(&harmless(line));
        }
    }
}

impl Table {
    /// A table with headings.
    pub(super) fn new(headings: &[&'static str]) -> Self {
        Self {
            headings: headings.to_vec(),
            rows: Vec::new(),
        }
    }

    /// A list of names and values.
    pub(super) fn pairs(pairs: &[(&str, &str)]) -> Self {
        let mut table = Self::default();
        for (name, value) in pairs {
            table.row(&[name, value]);
        }
        table
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[&str]) {
        let cells = cells.iter().map(|cell| harmless(cell)).collect();
        self.rows.push(cells);
    }

    fn lines(&self, colour: bool) -> Vec<String> {
        let headings: Vec<String> = self
            .headings
            .iter()
            .map(|text| (*text).to_owned())
            .collect();
        let with_headings = (!headings.is_empty()).then_some(&headings);
        let all: Vec<&Vec<String>> = with_headings.into_iter().chain(&self.rows).collect();
        let columns = all.iter().map(|row| row.len()).max().unwrap_or_default();
        let width = |column: usize| {
            let cells = all.iter().filter_map(|row| row.get(column));
            let width = cells.map(|cell| cell.chars().count()).max();
            width.unwrap_or_default().min(CELL_CHARS_MAX)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &&Vec<String>| {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let padding = width.saturating_sub(cell.chars().count()).saturating_add(2);
                line.push_str(&painted(cell, colour));
                line.push_str(&" ".repeat(padding));
            }
            line.trim_end().to_owned()
        };
        all.iter().map(line).collect()
    }
}

/// The words of a verdict in their colour.
fn painted(cell: &str, colour: bool) -> String {
    let code = match cell {
        "ok" => "32",
        "warn" => "33",
        "fail" => "31",
        _ => return cell.to_owned(),
    };
    if colour {
        format!("\u{1b}[{code}m{cell}\u{1b}[0m")
    } else {
        cell.to_owned()
    }
}

/// Data as JSON that is harmless on a terminal, too.
pub(super) fn json(value: &impl Serialize) -> String {
    // A map whose keys are no texts is the one thing that does not serialize; none is shown.
    escaped(&serde_json::to_string_pretty(value).unwrap_or_default())
}

/// JSON text in which every character that a terminal would act on is written as its number.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) && c != '\n' {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a text cannot fail.
                let _written = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// A text in which every character that a terminal would act on is written as its number.
pub(crate) fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            safe.push_str(&c.escape_unicode().to_string());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Control characters, and the marks that turn the direction of reading or cannot be seen.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{feff}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&["ID", "NAME"]);
        table.row(&["1", "first"]);
        table.row(&["22", ""]);
        assert_eq!(table.lines(false), ["ID  NAME", "1   first", "22"]);
        assert_eq!(Table::pairs(&[("Id", "1")]).lines(false), ["Id  1"]);
    }

    #[test]
    fn s85_what_a_terminal_would_act_on_is_written_as_its_number() {
        let name = "\u{1b}[31mred\u{202e}\u{9b}2J=cmd()<b>\r\n";
        let plain = harmless(name);
        assert_eq!(plain, r"\u{1b}[31mred\u{202e}\u{9b}2J=cmd()<b>\u{d}\u{a}");
        let json = json(&serde_json::json!({ "Name": name }));
        assert!(!json.chars().any(|c| is_harmful(c) && c != '\n'), "{json}");
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["Name"], name, "nothing is lost to a program");
        assert!(super::json(&"\u{e0001}").contains("\\udb40\\udc01"));
    }

    #[test]
    fn only_verdicts_have_a_colour_and_only_when_it_is_wanted() {
        let mut table = Table::new(&["CHECK"]);
        table.row(&["ok"]);
        table.row(&["okay"]);
        assert!(!table.lines(false).concat().contains('\u{1b}'));
        assert_eq!(table.lines(true)[1], "\u{1b}[32mok\u{1b}[0m");
        assert_eq!(table.lines(true)[2], "okay");
    }
}
