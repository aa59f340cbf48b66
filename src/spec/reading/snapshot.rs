//! Readings about the snapshot endpoints.

use super::{Confidence, Reading, Stance, Variant};

pub(super) const READINGS: &[Reading] = &[
    Reading {
        id: "R-SNAP-CREATE-REST",
        question: "Can user snapshots be created by REST?",
        evidence: "Undocumented; route registered in 7.8 and later (SNAP-14).",
        variants: &[
            Variant { name: "EVENT-ONLY", meaning: "No: a user snapshot is an event of the environment." },
            Variant { name: "ROUTE", meaning: "Yes: through the undocumented route." },
        ],
        combines: false,
        stance: Stance::Free,
        defaults: ["EVENT-ONLY", "EVENT-ONLY", "EVENT-ONLY"],
        because: "The route is registered in 7.8 and later, but not documented, so it is optional. Not judged.",
        confidence: Confidence::Medium,
        tell: "Send OPTIONS.",
    },
    Reading {
        id: "R-SNAP-DEL-MAINT",
        question: "What does deleting a maintenance snapshot answer?",
        evidence: "403 (SNAP-11); prose \"are not deleted\" could mean silently skipped.",
        variants: &[
            Variant { name: "FORBIDDEN", meaning: "403; the snapshot stays." },
            Variant { name: "SKIPPED", meaning: "200; the snapshot silently stays." },
        ],
        combines: false,
        stance: Stance::Pin,
        defaults: ["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"],
        because: "The status code is listed. Judged if the endpoint is in scope: 403.",
        confidence: Confidence::High,
        tell: "DELETE.",
    },
    Reading {
        id: "R-SNAP-DUP",
        question: "What does creating a snapshot under an existing name do?",
        evidence: "Names are unique per node.",
        variants: &[Variant { name: "REFUSED", meaning: "It is refused." }],
        combines: false,
        stance: Stance::Free,
        defaults: ["REFUSED", "REFUSED", "REFUSED"],
        because: "Names are unique on a node. Not judged.",
        confidence: Confidence::Low,
        tell: "Use the CLI.",
    },
];
