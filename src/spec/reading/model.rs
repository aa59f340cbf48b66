//! Readings about matters of the model itself.

use super::{Confidence, Reading, Stance, Variant};

pub(super) const READINGS: &[Reading] = &[
    Reading {
        id: "R-TIME",
        question: "How does time enter?",
        evidence: "No duration anywhere; snapshot names carry time.",
        variants: &[Variant { name: "EVENTS", meaning: "Through explicit events and an injected clock." }],
        combines: false,
        stance: Stance::Free,
        defaults: ["EVENTS", "EVENTS", "EVENTS"],
        because: "No duration is documented, but snapshot names carry time. Not judged.",
        confidence: Confidence::High,
        tell: "Not needed: nothing is judged.",
    },
    Reading {
        id: "R-CONCURRENT-REQUESTS",
        question: "What do two requests at once do?",
        evidence: "None beyond POST-1.",
        variants: &[Variant {
            name: "ATOMIC",
            meaning: "Requests are atomic and totally ordered: of two simultaneous POSTs of the same action exactly one gets 200.",
        }],
        combines: false,
        stance: Stance::Pin,
        defaults: ["ATOMIC", "ATOMIC", "ATOMIC"],
        because: "It follows from the single-instance rule. Judged: at most one 200.",
        confidence: Confidence::High,
        tell: "Race two POSTs; check that one instance exists.",
    },
    Reading {
        id: "R-PRIMARY-LOSS",
        question: "What happens to queued and running tasks when the primary is lost without a request?",
        evidence: "LIFE-25, LIFE-26, R-ABORTED-CAUSE.",
        variants: &[Variant {
            name: "PER-TASK",
            meaning: "The environment decides for each task between going on and `aborted`.",
        }],
        combines: false,
        stance: Stance::Free,
        defaults: ["PER-TASK", "PER-TASK", "PER-TASK"],
        because: "Defects show both. Not judged.",
        confidence: Confidence::Low,
        tell: "Restart the primary.",
    },
    Reading {
        id: "R-PLACEMENT",
        question: "Which node receives an evicted shard?",
        evidence: "None (capacity, rack and density policies are elsewhere).",
        variants: &[Variant {
            name: "CONSTRAINED",
            meaning: "Any node but the source, one that is down, in maintenance, quorum-only or marked by a removal, and one that holds the other copy of the shard.",
        }],
        combines: false,
        stance: Stance::Param,
        defaults: ["CONSTRAINED", "CONSTRAINED", "CONSTRAINED"],
        because: "Capacity, rack and density policies are documented elsewhere, so the target is constrained and not predicted. Mixed: the constraints are a parameter, the choice is not judged.",
        confidence: Confidence::Medium,
        tell: "Look at the placement after an eviction.",
    },
    Reading {
        id: "R-AUTO-MIGRATION",
        question: "What counts as automatic migration for REM-2?",
        evidence: "None in the action pages; policies for node offload, replica HA, placement of new databases exist.",
        variants: &[Variant {
            name: "UNREQUESTED",
            meaning: "Any placement that no request asked for by target node, including shards of new databases.",
        }],
        combines: false,
        stance: Stance::Free,
        defaults: ["UNREQUESTED", "UNREQUESTED", "UNREQUESTED"],
        because: "The action pages say nothing; node offload, replica HA and the placement of new databases exist as policies. Not judged for what the documents leave open; but `skip_shards_restore` is judged when placement is known and the variant is pinned (decision).",
        confidence: Confidence::Low,
        tell: "Create databases after a failed removal.",
    },
];
