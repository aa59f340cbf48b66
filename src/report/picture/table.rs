//! The lines of a picture: where each piece goes, and where a line is full.

use super::Piece;

/// What is said about a node, from top to bottom.
pub(super) struct Column {
    /// With its label; the same labels for all nodes.
    pub(super) aspects: Vec<(&'static str, Piece)>,
    pub(super) shards: Vec<Piece>,
}

/// The columns of the labels, with the space behind them.
const LABEL: usize = 11;

/// Columns side by side, as many as fit, the others below.
pub(super) fn lines(columns: &[Column], width: usize) -> Vec<Vec<Piece>> {
    let mut lines = Vec::new();
    let mut rest = columns;
    while !rest.is_empty() {
        let (side_by_side, below) = rest.split_at(fitting(rest, width));
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        block(&mut lines, side_by_side);
        rest = below;
    }
    lines
}

/// Items below each other behind a label; one that is too long goes on in the next line, further in.
pub(super) fn list(label: &'static str, items: Vec<Vec<Piece>>, width: usize) -> Vec<Vec<Piece>> {
    let mut lines = Vec::new();
    for pieces in items {
        let mut line = Line::labelled(if lines.is_empty() { label } else { "" });
        for (at, piece) in pieces.into_iter().enumerate() {
            if at > 0 && line.end + letters(&piece.text) > width {
                lines.push(line.pieces);
                line = Line::labelled("");
                line.pad_to(LABEL + 2);
            }
            if at == 0 { line.mark(LABEL, &piece) } else { line.push(piece) }
        }
        lines.push(line.pieces);
    }
    lines
}

/// How many columns fit; one always does.
fn fitting(columns: &[Column], width: usize) -> usize {
    let mut end = LABEL;
    let fits = |column: &&Column| {
        end += column.width();
        end <= width
    };
    columns.iter().take_while(fits).count().max(1)
}

fn block(lines: &mut Vec<Vec<Piece>>, columns: &[Column]) {
    let starts: Vec<_> = columns
        .iter()
        .scan(LABEL, |next, column| {
            let start = *next;
            *next += column.width();
            Some(start)
        })
        .collect();
    for (row, (label, _)) in columns[0].aspects.iter().enumerate() {
        let mut line = Line::labelled(label);
        for (start, column) in starts.iter().zip(columns) {
            line.mark(*start, &column.aspects[row].1);
        }
        lines.push(line.pieces);
    }
    for row in 0..columns.iter().map(|column| column.shards.len()).max().unwrap_or(0) {
        let mut line = Line::labelled(if row == 0 { "shards" } else { "" });
        for (start, column) in starts.iter().zip(columns) {
            if let Some(piece) = column.shards.get(row) {
                line.mark(*start, piece);
            }
        }
        lines.push(line.pieces);
    }
}

impl Column {
    /// With the marks in front and the space behind.
    fn width(&self) -> usize {
        let pieces = self.aspects.iter().map(|(_, piece)| piece).chain(&self.shards);
        pieces.map(|piece| letters(&piece.text)).max().unwrap_or(0) + 3
    }
}

/// A line that grows to the right.
struct Line {
    pieces: Vec<Piece>,
    end: usize,
}

impl Line {
    fn labelled(label: &str) -> Self {
        let mut line = Self { pieces: Vec::new(), end: 0 };
        line.push(Piece { text: label.to_owned(), changed: false });
        line
    }

    /// Puts a piece behind the place for its mark.
    fn mark(&mut self, start: usize, piece: &Piece) {
        self.pad_to(start);
        let mark = if piece.changed { '*' } else { ' ' };
        self.push(Piece { text: format!("{mark}{}", piece.text), changed: piece.changed });
    }

    fn pad_to(&mut self, start: usize) {
        let text = " ".repeat(start.saturating_sub(self.end));
        self.push(Piece { text, changed: false });
    }

    fn push(&mut self, piece: Piece) {
        self.end += letters(&piece.text);
        self.pieces.push(piece);
    }
}

fn letters(text: &str) -> usize {
    text.chars().count()
}
