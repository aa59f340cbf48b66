//! The bare loop's automaton explored by Spin, exactly, if `spin` and `cc` are installed.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A verifier made for so many nodes: depth first, as Spin does by itself, or breadth first.
pub(crate) struct Spin(PathBuf);

impl Spin {
    /// Makes it. `None` if the tools are missing.
    pub(crate) fn new(nodes: u32, breadth_first: bool) -> Option<Self> {
        let folder = env::temp_dir().join(format!("lifecycle-{nodes}-{breadth_first}"));
        std::fs::create_dir_all(&folder).ok()?;
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/explore/lifecycle.pml");
        let mut spin = Command::new("spin");
        spin.arg("-a").arg(format!("-DN={nodes}")).arg(model).current_dir(&folder);
        let mut cc = Command::new("cc");
        cc.args(["-O2", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"]).current_dir(&folder);
        if breadth_first {
            cc.arg("-DBFS");
        }
        for tool in [&mut spin, &mut cc] {
            tool.output().ok().filter(|output| output.status.success())?;
        }
        Some(Self(folder.join("pan")))
    }

    /// How many states it stores, and how many transitions it takes.
    pub(crate) fn explore(&self) -> (u64, u64) {
        // As deep as its path may become, and a hash table with room for the largest space.
        let output = Command::new(&self.0).args(["-m4000000", "-w24"]).output().expect("it was made");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let before = |what: &str| {
            let line = text.lines().find(|line| line.contains(what));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("Spin counts")
        };
        assert!(text.contains("errors: 0"), "{text}");
        (before("states, stored"), before("transitions (="))
    }
}
