//! The typography of a page: headings, labelled paragraphs, lists of one line each.
//!
//! Every line keeps within the width of the console. Styles are always written; the stream drops them where
//! nobody can see them.

use std::io::{self, Write};

use anstyle::Style;
use textwrap::{Options, WordSplitter};

use super::super::Console;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Where the text beside a label begins.
const MARGIN: usize = 14;

/// A narrower column holds no phrase.
const PHRASE_MIN: usize = 26;

/// A narrower terminal may break the lines itself.
const WIDTH_MIN: usize = MARGIN + PHRASE_MIN;

/// A page that is written from top to bottom.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    width: usize,
}

impl<'a> Page<'a> {
    pub(super) fn new(console: &'a mut Console<'_>) -> Self {
        Self { out: &mut *console.out, width: console.width.max(WIDTH_MIN) }
    }

    /// A bold name, and what it belongs to.
    pub(super) fn heading(&mut self, name: &str, about: &str) -> io::Result<()> {
        self.wrapped(about, &format!("{BOLD}{name}{BOLD:#}  "), "  ")
    }

    pub(super) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A paragraph without a label.
    pub(super) fn paragraph(&mut self, text: &str) -> io::Result<()> {
        self.wrapped(text, "  ", "  ")
    }

    /// A paragraph beside its label; an empty label continues the one above.
    pub(super) fn field(&mut self, label: &str, text: &str) -> io::Result<()> {
        self.wrapped(text, &labelled(label), &" ".repeat(MARGIN))
    }

    /// A name in a column of its own beside the label, and a paragraph beside the name; below it where that
    /// would leave no room.
    pub(super) fn item(&mut self, label: &str, (name, column): (&str, usize), text: &str) -> io::Result<()> {
        let indent = MARGIN + column + 2;
        if self.width < indent + PHRASE_MIN {
            let deeper = " ".repeat(MARGIN + 2);
            self.field(label, name)?;
            return self.wrapped(text, &deeper, &deeper);
        }
        let first = format!("{}{name:<column$}  ", labelled(label));
        self.wrapped(text, &first, &" ".repeat(indent))
    }

    /// A label and one line that must not be wrapped, cut off at the width with an ellipsis.
    pub(super) fn line(&mut self, label: &str, label_width: usize, text: &str) -> io::Result<()> {
        let space = self.width.saturating_sub(label_width + 2).max(1);
        writeln!(self.out, "{BOLD}{label:<label_width$}{BOLD:#}  {}", cut(text, space))
    }

    /// A row of a table as it is.
    pub(super) fn row(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "  {}", text.trim_end())
    }

    fn wrapped(&mut self, text: &str, first: &str, rest: &str) -> io::Result<()> {
        // IDs and paths stay whole, so that they can be searched and copied.
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text, options) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }
}

/// The indented label of a paragraph, as wide as the margin.
fn labelled(label: &str) -> String {
    format!("  {DIM}{label:<width$}{DIM:#}", width = MARGIN - 2)
}

/// The beginning of a text, at most so many characters.
fn cut(text: &str, length_max: usize) -> String {
    if text.chars().count() <= length_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length_max - 1).collect();
    format!("{}…", kept.trim_end())
}
