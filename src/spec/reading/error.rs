//! Readings about errors and error bodies.

use super::{Confidence, Reading, Stance, Variant};

pub(super) const READINGS: &[Reading] = &[
    Reading {
        id: "R-ERRFIELDS",
        question: "Where and when do `error_code` and `error_message` appear?",
        evidence: "On failure of a task (OBJ-7); the codes are listed beside the GETs (ERR-2).",
        variants: &[
            Variant { name: "FAILED-ONLY", meaning: "In the object of a `failed` action, and nowhere else." },
            Variant {
                name: "ALL-ENDS",
                meaning: "In the object of a `failed`, `aborted` or `cancelled` action.",
            },
        ],
        combines: false,
        stance: Stance::Param,
        defaults: ["FAILED-ONLY", "FAILED-ONLY", "FAILED-ONLY"],
        because: "They describe the error of a task that failed; the catalogue's third answer, an HTTP error body, is a matter of R-ERR-BODY. Mixed: pinned is that the single GET of a failed instance carries `error_code`; an entry of a list need not carry the members (decision); the rest is a parameter.",
        confidence: Confidence::High,
        tell: "GET a failed action.",
    },
    Reading {
        id: "R-ERRMSG-NAME",
        question: "Is the message in the action object called `error_message`, `message` or `description`?",
        evidence: "`error_message` (OBJ-7); siblings use others (ERR-5, ERR-6); v2 uses `error`.",
        variants: &[
            Variant { name: "ERROR-MESSAGE", meaning: "`error_message`." },
            Variant { name: "MESSAGE", meaning: "`message`." },
            Variant { name: "DESCRIPTION", meaning: "`description`." },
        ],
        combines: false,
        stance: Stance::Param,
        defaults: ["ERROR-MESSAGE", "ERROR-MESSAGE", "ERROR-MESSAGE"],
        because: "The action object says `error_message`; only siblings use other names. A parameter.",
        confidence: Confidence::High,
        tell: "Look at the object of a failed action.",
    },
    Reading {
        id: "R-ERRCODE-SET",
        question: "Is the set of task error codes closed or open?",
        evidence: "\"possible values\" are two (OBJ-8), one is a catch-all, which makes the set effectively closed.",
        variants: &[
            Variant { name: "CLOSED", meaning: "Closed: the two documented ones." },
            Variant { name: "OPEN", meaning: "Open: any string." },
        ],
        combines: false,
        stance: Stance::Param,
        defaults: ["CLOSED", "CLOSED", "CLOSED"],
        because: "One of the two is a catch-all, which makes the set effectively closed. A parameter.",
        confidence: Confidence::Medium,
        tell: "Look at the codes of failed actions.",
    },
    Reading {
        id: "R-ERR-BODY",
        question: "What is the body of HTTP errors?",
        evidence: "Three shapes (ERR-5 to ERR-7), none on the action pages; 404 and others may be empty.",
        variants: &[
            Variant { name: "EMPTY", meaning: "Nothing." },
            Variant { name: "CODE-MESSAGE", meaning: "`error_code` and `message`." },
            Variant { name: "CODE-DESCRIPTION", meaning: "`error_code` and `description`." },
            Variant { name: "OAS", meaning: "`error_code`, `description` and `status_code`." },
        ],
        combines: false,
        stance: Stance::Free,
        defaults: ["CODE-DESCRIPTION", "CODE-DESCRIPTION", "CODE-DESCRIPTION"],
        because: "Three shapes are documented elsewhere, none on the action pages. Not judged: any body is accepted.",
        confidence: Confidence::Low,
        tell: "Look at the body.",
    },
    Reading {
        id: "R-500",
        question: "May a request end in 500?",
        evidence: "Not listed on the action pages; `internal_error` is a task code.",
        variants: &[Variant { name: "NEVER", meaning: "Never required." }],
        combines: false,
        stance: Stance::Free,
        defaults: ["NEVER", "NEVER", "NEVER"],
        because: "`internal_error` is a task code, and no action page lists 500. Not judged by the model, though a 500 is always a defect when it is seen.",
        confidence: Confidence::Medium,
        tell: "Look at the status code.",
    },
];
