//! The options of one run, drawn from its seed before anything else, and printed first.
//!
//! A run that does everything a little never fills a queue. So each run leaves some operations and faults out
//! and does others often (swarm testing).

use std::fmt;

use super::fault::Faults;
use super::seed::{Ratio, Rng, Seed};
use super::workload::Operation;
use super::{Options, RuleChoice};
use crate::model::Cluster;
use crate::spec::{Edition, Rules, reading, rules};

/// What one run is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swarm {
    /// The highest uid of a node in the cluster at the start.
    pub nodes: u32,
    /// The rules that the law follows.
    pub rules: Rules,
    /// How many clients ask.
    pub clients: u32,
    /// How often each operation is asked; at least [`Operation::Start`] is.
    pub weights: [u32; Operation::ALL.len()],
    /// In how many of 16 steps the cluster acts by itself.
    pub eagerness: u32,
    /// In how many of 16 requests a client turns to the hot slot.
    pub heat: u32,
    /// How many requests in a row a client spends on one slot, at most.
    pub burst: u32,
    /// The faults that are on.
    pub faults: Faults,
}

impl Swarm {
    /// Draws the options of a run.
    pub(super) fn draw(seed: Seed, options: &Options) -> Self {
        let mut rng = seed.fork("swarm");
        let nodes = 1 + rng.below(5);
        let clients = 1 + rng.below(4);
        let mut weights = [0; Operation::ALL.len()];
        for weight in &mut weights {
            let on = rng.chance(Ratio(2, 3));
            let often = 1 + rng.below(100);
            *weight = if on { often } else { 0 };
        }
        weights[Operation::Start as usize] += 20 + rng.below(60);
        // Otherwise hardly a snapshot of a user would live to be restored.
        weights[Operation::DeleteSnapshot as usize] /= 8;
        let eagerness = 2 + rng.below(13);
        let heat = *rng.choose(&[0, 0, 4, 12]);
        let burst = *rng.choose(&[1, 2, 4, 12]);
        let faults = options.faults.draw(&mut rng);
        let rules = match &options.rules {
            RuleChoice::Fixed(rules) => *rules,
            RuleChoice::Drawn => draw_rules(&mut seed.fork("rules")),
        };
        let highest = |cluster: &Cluster| cluster.nodes().last().map_or(0, |node| node.uid.0);
        let nodes = options.topology.as_ref().map(highest).or(options.nodes).unwrap_or(nodes);
        let clients = options.clients.unwrap_or(clients);
        Self { nodes, rules, clients, weights, eagerness, heat, burst, faults }
    }
}

/// Any edition, and another answer than the default for about one question in eight.
fn draw_rules(rng: &mut Rng) -> Rules {
    let mut drawn = Rules::new(*rng.choose(&Edition::ALL));
    for id in rules::modelled() {
        if rng.chance(Ratio(1, 8)) {
            let variants = reading::find(id).expect("modelled readings exist").variants;
            drawn.set(id, rng.choose(variants).name).expect("the variant is the reading's own");
        }
    }
    drawn
}

impl fmt::Display for Swarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { nodes, clients, eagerness, heat, burst, faults, rules, .. } = self;
        write!(f, "edition {}, {nodes} nodes, {clients} clients, faults {faults}", rules.edition())?;
        write!(f, ", eagerness {eagerness}/16, heat {heat}/16, bursts of {burst}")?;
        let weights = Operation::ALL.into_iter().zip(self.weights).filter(|(_, weight)| *weight > 0);
        let weights: Vec<_> = weights.map(|(kind, weight)| format!("{} {weight}", kind.name())).collect();
        write!(f, ", operations {}", weights.join(" "))?;
        for (id, variant) in rules.overrides() {
            write!(f, ", {id}={variant}")?;
        }
        Ok(())
    }
}
