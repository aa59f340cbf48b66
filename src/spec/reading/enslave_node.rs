//! Readings about the action `enslave_node`.

use super::{Confidence, Reading, Stance, Variant};

pub(super) const READINGS: &[Reading] = &[
    Reading {
        id: "R-ENS-MEANING",
        question: "Does `enslave_node` demote the node (its cluster role) or its resources?",
        evidence: "Seed: \"turn node into a replica\" (ENS-1); CLI and old REST text: all endpoints and shards (ENS-2); node role only with `demote_node` (ENS-3).",
        variants: &[
            Variant { name: "RESOURCES", meaning: "Its endpoints and shards." },
            Variant { name: "NODE-ROLE", meaning: "Its role in the cluster." },
            Variant { name: "BOTH", meaning: "Both." },
        ],
        combines: false,
        stance: Stance::Param,
        defaults: ["RESOURCES", "RESOURCES", "RESOURCES"],
        because: "The CLI and the old REST text say all endpoints and shards. A parameter.",
        confidence: Confidence::Medium,
        tell: "POST on the primary with master shards; look at `role` and at shard roles.",
    },
    Reading {
        id: "R-ENS-NOREPLICA",
        question: "What happens to master shards without a replica elsewhere?",
        evidence: "None: the documents are silent.",
        variants: &[
            Variant {
                name: "FAILED",
                meaning: "The task ends `failed` with `insufficient_resources`; shards with a replica are already switched.",
            },
            Variant { name: "SKIP", meaning: "They stay masters, and the task ends `completed`." },
        ],
        combines: false,
        stance: Stance::Free,
        defaults: ["FAILED", "FAILED", "FAILED"],
        because: "Nothing is said. Not judged.",
        confidence: Confidence::Low,
        tell: "Use an unreplicated database.",
    },
    Reading {
        id: "R-ENS-EMPTY",
        question: "What does `enslave_node` do on a node with nothing to change?",
        evidence: "None: the documents are silent.",
        variants: &[Variant { name: "COMPLETES", meaning: "It ends `completed`." }],
        combines: false,
        stance: Stance::Param,
        defaults: ["COMPLETES", "COMPLETES", "COMPLETES"],
        because: "Nothing is said, and nothing is left to do. A parameter.",
        confidence: Confidence::High,
        tell: "POST on an empty node.",
    },
    Reading {
        id: "R-ENS-BOTH-ONLY",
        question: "What do `endpoints_only` and `shards_only` mean when both are true (extension)?",
        evidence: "Separate CLI forms.",
        variants: &[Variant { name: "BOTH-KINDS", meaning: "Both kinds are changed." }],
        combines: false,
        stance: Stance::Free,
        defaults: ["BOTH-KINDS", "BOTH-KINDS", "BOTH-KINDS"],
        because: "The CLI has separate forms. Not judged.",
        confidence: Confidence::Low,
        tell: "POST.",
    },
];
