//! What every page has: the head, the policy that lets nothing in from outside, styles, scripts and data in one file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The styles of all pages.
const STYLES: &str = concat!(include_str!("style.css"), include_str!("figures.css"));

/// What makes a page more than paper.
#[derive(Debug, Clone, Copy)]
pub(super) enum Script {
    /// Draws the window of a long run that is looked at.
    Run,
    /// Shows the cluster before and after the step that is chosen.
    Steps,
}

impl Script {
    fn text(self) -> &'static str {
        match self {
            Self::Run => include_str!("run.js"),
            Self::Steps => include_str!("steps.js"),
        }
    }
}

/// A whole page.
pub(super) struct Page {
    pub(super) title: String,
    pub(super) body: Markup,
    /// Data blocks: the id of each, and what its script reads from it.
    pub(super) data: Vec<(&'static str, Value)>,
    pub(super) scripts: Vec<Script>,
}

impl Page {
    /// The file. The same page gives the same bytes.
    pub(super) fn render(&self) -> String {
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(self.policy());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content=(concat!("action-oracle ", env!("CARGO_PKG_VERSION")));
                    title { (self.title) }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(STYLES)) }
                }
                body {
                    (self.body)
                    @for (id, value) in &self.data {
                        script type="application/json" id=(id) { (PreEscaped(inert(value))) }
                    }
                    @for script in &self.scripts {
                        script { (PreEscaped(script.text())) }
                    }
                }
            }
        };
        markup.into_string() + "\n"
    }

    /// Nothing is fetched, nothing is sent, and nothing runs but the scripts that are part of this program.
    fn policy(&self) -> String {
        let scripts: Vec<_> = self.scripts.iter().map(|script| digest(script.text())).collect();
        let scripts = if scripts.is_empty() { "'none'".to_owned() } else { scripts.join(" ") };
        format!(
            "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src {}; script-src {scripts}",
            digest(STYLES)
        )
    }
}

/// A text as a policy names it.
fn digest(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// JSON that ends no element and opens no comment, whatever is in it.
fn inert(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}
