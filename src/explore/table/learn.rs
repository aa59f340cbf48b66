//! How the table learns: it asks the law what an outcome depends on.

use std::collections::BTreeMap;
use std::ops::Range;

use super::row::{Row, Seen};
use super::trial::{self, Outcome};
use super::{EntryId, Table};
use crate::explore::cell::Place;
use crate::explore::threads;
use crate::explore::word::Word as _;
use crate::model::Instance;

/// Places with more cells than this are not looked at cell by cell: an outcome depends on all of such a place, or on
/// nothing in it. Which of both is decided by as many samples.
const CELLS_MAX: usize = 48;

/// The first entries of a row are examined, later ones only doubted when the search has ended.
const EXAMINED_MAX: usize = 8;

/// How many states are tried in which several places differ at once.
const SAMPLES: usize = 16;

/// So many entries of a row are asked about a new cell together with others.
const JOINT_MAX: usize = 2;

/// When so many entries of one part in one status were examined in full, other cells in that status are taken to depend
/// on the same places, and fewer of their entries are examined in full.
const FAMILIAR: usize = 64;
const FAMILIAR_MAX: usize = 3;

/// What the entries of a row say to a new cell of a place.
struct Verdict {
    /// For each entry, whether its outcomes are the same with that cell.
    agreeing: Vec<bool>,
    /// A state, and one with that cell and others, in which they are not.
    joint: Option<(Vec<u32>, Vec<u32>)>,
}

/// Every combination of the cells of some places.
fn combinations_of(start: &[u32], places: &[(Place, Vec<u32>)]) -> Vec<Vec<u32>> {
    let mut states = vec![start.to_vec()];
    for (place, cells) in places {
        let with = |state: &Vec<u32>, cell: u32| {
            let mut state = state.clone();
            state[*place] = cell;
            state
        };
        states = states.iter().flat_map(|state| cells.iter().map(|cell| with(state, *cell))).collect();
    }
    states
}

impl Table {
    /// Works out the entry of a part in a state.
    pub(in crate::explore) fn learn(&mut self, part: usize, state: &[u32]) -> EntryId {
        if let Some(entry) = self.entry(part, state) {
            return entry;
        }
        let outcomes = self.trials.all(&self.cells, self.parts[part].owner, state);
        self.learn_that(part, state, outcomes)
    }

    /// Works out the entries of some states that are not known yet, on all threads.
    pub(in crate::explore) fn learn_all<'a>(&mut self, states: impl Iterator<Item = &'a [u32]>) {
        let mut new: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for state in states {
            for part in (0..self.parts.len()).filter(|part| self.entry(*part, state).is_none()) {
                let own = state[self.parts[part].place] as usize;
                let seen = self.rows[part].get(own).map_or_else(Vec::new, |row| row.sees(state));
                new.entry((part, own, seen)).or_insert_with(|| state.to_vec());
            }
        }
        let new: Vec<_> = new.into_iter().map(|((part, ..), state)| (part, state)).collect();
        let outcomes =
            self.each(&new, |(part, state)| self.trials.all(&self.cells, self.parts[*part].owner, state));
        for ((part, state), outcomes) in new.into_iter().zip(outcomes) {
            if self.entry(part, &state).is_none() {
                self.learn_that(part, &state, outcomes);
            }
        }
    }

    fn learn_that(&mut self, part: usize, state: &[u32], outcomes: Vec<Outcome>) -> EntryId {
        let place = self.parts[part].place;
        let at = state[place] as usize;
        while self.rows[part].len() <= at {
            self.rows[part].push(Row::default());
        }
        let familiar = self.is_familiar(part, at);
        let full = self.rows[part][at].len() < if familiar { FAMILIAR_MAX } else { EXAMINED_MAX };
        if full {
            for other in (0..self.cells.places()).filter(|other| *other != place) {
                self.compare(part, state, other, &outcomes);
            }
            for varied in self.jointly(part, state, None, SAMPLES) {
                self.compare_with(part, state, &varied, &outcomes);
            }
        }
        let is_live = self.cells.instance(place, state[place]).is_some_and(Instance::is_live);
        let entry = self.add(outcomes, is_live);
        self.rows[part][at].insert(state, entry);
        entry
    }

    /// Whether so many entries of the part in the same status are known that a new row can begin with what they depend on.
    fn is_familiar(&mut self, part: usize, at: usize) -> bool {
        let place = self.parts[part].place;
        let status = |cell: usize| self.cells.instance(place, cell as u32).map(|instance| instance.status);
        let mine = status(at);
        let alike = (0..self.rows[part].len()).filter(|cell| *cell != at && status(*cell) == mine);
        let alike: Vec<_> = alike.filter(|cell| self.rows[part][*cell].len() > 0).collect();
        let examined: usize = alike.iter().map(|cell| self.rows[part][*cell].len().min(EXAMINED_MAX)).sum();
        if examined < FAMILIAR {
            return false;
        }
        if self.rows[part][at].len() == 0 {
            let mut row = std::mem::take(&mut self.rows[part][at]);
            alike.iter().for_each(|cell| row.see_like(&self.rows[part][*cell]));
            self.rows[part][at] = row;
        }
        true
    }

    /// Compares the outcomes in a state with those for every other cell of a place that the row takes for alike.
    fn compare(&mut self, part: usize, state: &[u32], other: Place, outcomes: &[Outcome]) {
        let place = self.parts[part].place;
        let row = &self.rows[part][state[place] as usize];
        let seen = row.seen(other);
        let alike: Vec<u32> = match seen {
            Seen::Whole => return,
            Seen::Nothing if self.known[other] > CELLS_MAX => {
                // The first, which are the simplest, and the last.
                let last = self.known[other] - CELLS_MAX / 2..self.known[other];
                (0..CELLS_MAX / 2).chain(last).map(|cell| cell as u32).collect()
            }
            Seen::Nothing => (0..self.known[other] as u32).collect(),
            Seen::Classes(classes) => {
                let same = |cell: &u32| classes[*cell as usize] == classes[state[other] as usize];
                (0..self.known[other] as u32).filter(same).collect()
            }
        };
        let alike: Vec<u32> = alike.into_iter().filter(|cell| *cell != state[other]).collect();
        let differing = self.differing(part, state, other, &alike, outcomes);
        if differing.is_empty() {
            return;
        }
        let whole = self.known[other] > CELLS_MAX;
        let known = self.known[other];
        let row = &mut self.rows[part][state[place] as usize];
        if whole { row.depend_on_all_of(other) } else { row.split(other, known, &differing) }
    }

    /// Those of some cells of a place that give other outcomes, in groups that give the same.
    fn differing(
        &self,
        part: usize,
        state: &[u32],
        other: Place,
        alike: &[u32],
        outcomes: &[Outcome],
    ) -> Vec<Vec<u32>> {
        let owner = self.parts[part].owner;
        let varied = |cell: u32| {
            let mut varied = state.to_vec();
            varied[other] = cell;
            varied
        };
        let mut groups: Vec<(Vec<Outcome>, Vec<u32>)> = Vec::new();
        for &cell in alike {
            let state = varied(cell);
            let others = self.trials.all(&self.cells, owner, &state);
            if trial::agree(&self.cells, outcomes, &others, &state) {
                continue;
            }
            match groups.iter_mut().find(|(of, _)| trial::agree(&self.cells, of, &others, &state)) {
                Some((_, group)) => group.push(cell),
                None => groups.push((others, vec![cell])),
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// States in which the row takes several places for alike at once: every combination of what is beside the
    /// slots, or as many samples; and samples of everything. If a cell of a place is given, it is in all of them.
    fn jointly(&self, part: usize, state: &[u32], with: Option<(Place, u32)>, few: usize) -> Vec<Vec<u32>> {
        let row = &self.rows[part][state[self.parts[part].place] as usize];
        let own = self.parts[part].place;
        let fixed = |place: Place| place == own || with.is_some_and(|(other, _)| other == place);
        let mut start = state.to_vec();
        if let Some((place, cell)) = with {
            start[place] = cell;
        }
        let free = |slots: bool| -> Vec<(Place, Vec<u32>)> {
            let places = (0..self.cells.places()).filter(|place| slots || !self.cells.is_slot(*place));
            let open = places.filter(|place| !fixed(*place));
            let open = open.map(|place| (place, row.alike(place, state[place], self.known[place])));
            open.filter(|(_, cells)| cells.len() > 1).collect()
        };
        let beside = free(false);
        let mut samples = row.len() as u64;
        let mut draw = |of: &[(Place, Vec<u32>)]| {
            let mut varied = start.clone();
            for (place, cells) in of {
                samples += 1;
                varied[*place] = cells[(samples.mixed() >> 33) as usize % cells.len()];
            }
            varied
        };
        let combinations = beside.iter().map(|(_, cells)| cells.len()).fold(1, usize::saturating_mul);
        let mut varied = if combinations <= few {
            combinations_of(&start, &beside)
        } else {
            (0..few).map(|_| draw(&beside)).collect()
        };
        let all = free(true);
        varied.extend((0..few.div_ceil(4)).map(|_| draw(&all)));
        varied
    }

    /// Makes a row depend on what makes the outcomes in another state differ.
    pub(super) fn compare_with(&mut self, part: usize, state: &[u32], varied: &[u32], outcomes: &[Outcome]) {
        let owner = self.parts[part].owner;
        let differs = |varied: &[u32]| {
            let others = self.trials.all(&self.cells, owner, varied);
            !trial::agree(&self.cells, outcomes, &others, varied)
        };
        if !differs(varied) {
            return;
        }
        // Of what was varied, as little as it takes.
        let mut least = varied.to_vec();
        for place in 0..least.len() {
            let kept = std::mem::replace(&mut least[place], state[place]);
            if !differs(&least) {
                least[place] = kept;
            }
        }
        for place in (0..least.len()).filter(|place| least[*place] != state[*place]) {
            self.tell_apart(part, state, &least, place);
        }
    }

    /// Makes a row tell the cells of a place apart that give different outcomes, where other places are given.
    fn tell_apart(&mut self, part: usize, state: &[u32], others: &[u32], place: Place) {
        let known = self.known[place];
        let at = state[self.parts[part].place] as usize;
        if known > CELLS_MAX {
            return self.rows[part][at].depend_on_all_of(place);
        }
        let mut context = others.to_vec();
        context[place] = state[place];
        let outcomes = self.trials.all(&self.cells, self.parts[part].owner, &context);
        let alike = self.rows[part][at].alike(place, state[place], known);
        let alike: Vec<u32> = alike.into_iter().filter(|cell| *cell != state[place]).collect();
        let differing = self.differing(part, &context, place, &alike, &outcomes);
        if !differing.is_empty() {
            self.rows[part][at].split(place, known, &differing);
        }
    }

    /// Makes the rows know the cells that were met since the last time.
    pub(in crate::explore) fn meet(&mut self) {
        for other in 0..self.cells.places() {
            let new = self.known[other]..self.cells.count(other);
            if !new.is_empty() {
                self.known[other] = new.end;
                self.meet_in(other, new);
            }
        }
    }

    fn meet_in(&mut self, other: Place, new: Range<usize>) {
        let jobs: Vec<(usize, usize)> = (0..self.parts.len())
            .filter(|part| self.parts[*part].place != other)
            .flat_map(|part| (0..self.rows[part].len()).map(move |at| (part, at)))
            .filter(|(part, at)| !matches!(self.rows[*part][*at].seen(other), Seen::Whole))
            .collect();
        if self.cells.count(other) > CELLS_MAX {
            for (part, at) in jobs {
                self.rows[part][at].give_up_classes(other);
            }
            return;
        }
        for cell in new {
            self.known[other] = cell;
            let judged = self.each(&jobs, |(part, at)| self.judge(*part, *at, other, cell as u32));
            self.known[other] = cell + 1;
            for ((part, at), Verdict { agreeing, joint }) in jobs.iter().zip(judged) {
                self.rows[*part][*at].meet(other, cell, &agreeing);
                let mut joint = joint;
                while let Some((state, varied)) = joint {
                    let outcomes = self.trials.all(&self.cells, self.parts[*part].owner, &state);
                    self.compare_with(*part, &state, &varied, &outcomes);
                    joint = self.judge(*part, *at, other, cell as u32).joint;
                }
            }
        }
    }

    /// What the entries of a row say to a new cell of a place.
    fn judge(&self, part: usize, at: usize, other: Place, cell: u32) -> Verdict {
        let owner = self.parts[part].owner;
        let mut verdict = Verdict { agreeing: Vec::new(), joint: None };
        for (state, entry) in self.rows[part][at].entries().take(EXAMINED_MAX) {
            let agrees = |varied: &[u32]| {
                let others = self.trials.all(&self.cells, owner, varied);
                self.is_said_by(entry, &others, varied)
            };
            let mut varied = state.to_vec();
            varied[other] = cell;
            let alone = agrees(&varied);
            verdict.agreeing.push(alone);
            if alone && verdict.joint.is_none() && verdict.agreeing.len() <= JOINT_MAX {
                let joint = self.jointly(part, state, Some((other, cell)), SAMPLES / 2);
                let found = joint.into_iter().find(|varied| !agrees(varied));
                verdict.joint = found.map(|varied| (state.to_vec(), varied));
            }
        }
        verdict
    }

    /// Works on each item, on all threads, and gives the results in the order of the items.
    fn each<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        threads::each(self.threads, items, work)
    }
}
