//! What a picture says, in words without places: for whoever draws it in another way.

use super::{Piece, Scene};
use crate::model::Cluster;

/// A node in words, without a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeText {
    /// Its name, with a mark if it is the primary.
    pub(crate) name: String,
    /// What is said about it, one line each.
    pub(crate) lines: Vec<String>,
    /// Its shards.
    pub(crate) shards: Vec<String>,
}

/// The nodes of a cluster as a picture shows them, in their order.
pub(crate) fn nodes(cluster: &Cluster) -> Vec<NodeText> {
    let columns = Scene { before: None, after: cluster }.columns().into_iter();
    let texts = columns.map(|column| {
        let mut aspects = column.aspects.into_iter();
        let name = aspects.next().map(|(_, piece)| piece.text).unwrap_or_default();
        let labelled = |(label, piece): (&str, Piece)| match label {
            "state" => piece.text,
            label => format!("{label} {}", piece.text),
        };
        let shards = column.shards.into_iter().map(|piece| piece.text).collect();
        NodeText { name, lines: aspects.map(labelled).collect(), shards }
    });
    texts.collect()
}

/// The snapshots of a cluster as a picture shows them.
pub(crate) fn snapshots(cluster: &Cluster) -> Vec<String> {
    let lines = Scene { before: None, after: cluster }.snapshots().into_iter();
    lines
        .map(|pieces| {
            format!("snapshot of {}", pieces.into_iter().map(|piece| piece.text).collect::<String>())
        })
        .collect()
}
