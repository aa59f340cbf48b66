//! Pictures of the cluster between the steps of a run, in colour where the terminal has one.

use anstyle::{AnsiColor, Style};

use super::{Console, Failure};
use crate::model::Cluster;
use crate::report::picture::{self, LEGEND};

/// How far pictures are indented: as far as what a transcript says below a step.
const INDENT: usize = 6;

/// Draws where a run starts, and says what the signs mean.
pub(super) fn write_first(cluster: &Cluster, console: &mut Console<'_>) -> Result<(), Failure> {
    let room = console.width.saturating_sub(INDENT);
    for line in LEGEND {
        writeln!(console.out, "{:INDENT$}{line}", "")?;
    }
    writeln!(console.out)?;
    write(&picture::picture(None, cluster, room), console)
}

/// Draws what became of a cluster, if anything that can be seen did.
pub(super) fn write_change(
    before: &Cluster,
    after: &Cluster,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let picture = picture::picture(Some(before), after, console.width.saturating_sub(INDENT));
    if picture.is_changed() {
        writeln!(console.out)?;
        write(&picture, console)?;
    }
    Ok(())
}

fn write(picture: &picture::Picture, console: &mut Console<'_>) -> Result<(), Failure> {
    let highlight = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
    for line in picture.lines() {
        let indent = if line.is_empty() { 0 } else { INDENT };
        write!(console.out, "{:indent$}", "")?;
        for piece in line {
            match piece.changed {
                true => write!(console.out, "{highlight}{}{highlight:#}", piece.text)?,
                false => write!(console.out, "{}", piece.text)?,
            }
        }
        writeln!(console.out)?;
    }
    Ok(writeln!(console.out)?)
}
