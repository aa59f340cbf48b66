//! One row of the table: the outcomes for one cell, by what the other places hold.

use super::super::cell::Place;
use super::super::word::Word as _;
use super::EntryId;

/// The outcomes for one cell of one part.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    depends: Vec<Dependence>,
    lookup: Lookup,
    /// For each entry, the state in which it was worked out.
    entries: Vec<(Box<[u32]>, EntryId)>,
    /// How often what was taken for alike was told apart while there were entries.
    refined: usize,
}

/// What a row sees of another place.
#[derive(Debug, Clone)]
struct Dependence {
    place: Place,
    /// The class of each cell; none if each cell is a class of its own.
    classes: Option<Vec<u32>>,
    count: u64,
    stride: usize,
}

/// What a row sees of another place.
pub(super) enum Seen<'a> {
    /// All cells are alike.
    Nothing,
    /// The class of each cell.
    Classes(&'a [u32]),
    /// Each cell is a class of its own.
    Whole,
}

impl Row {
    /// The entry that holds in a state.
    #[inline]
    pub(super) fn entry(&self, state: &[u32]) -> Option<EntryId> {
        let entry = match &self.lookup {
            Lookup::Dense(entries) => entries[self.key(state)],
            Lookup::Sparse { places, .. } => places[self.place(places, state)],
        };
        (entry != NONE).then_some(self.entries.get(entry as usize)?.1)
    }

    /// The number of the combination of classes, if there are few.
    #[inline]
    fn key(&self, state: &[u32]) -> usize {
        self.depends.iter().map(|it| it.class(state[it.place]) as usize * it.stride).sum()
    }

    /// The place of the entry that holds in a state, or a free one.
    fn place(&self, places: &[u32], state: &[u32]) -> usize {
        let mask = places.len() - 1;
        let classes = || self.depends.iter().map(|it| u64::from(it.class(state[it.place])));
        let mut at = classes().fold(0, |hash: u64, class| (hash ^ class).mixed()) as usize & mask;
        let holds = |number: u32| {
            let of = &self.entries[number as usize].0;
            self.depends.iter().all(|it| it.class(of[it.place]) == it.class(state[it.place]))
        };
        while places[at] != NONE && !holds(places[at]) {
            at = (at + 1) & mask;
        }
        at
    }

    /// The entries, with the states in which they were worked out.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&[u32], EntryId)> {
        self.entries.iter().map(|(state, entry)| (&**state, *entry))
    }

    pub(super) fn insert(&mut self, state: &[u32], entry: EntryId) {
        self.entries.push((state.into(), entry));
        self.file(self.entries.len() - 1);
    }

    /// Makes an entry be found.
    fn file(&mut self, number: usize) {
        let mut lookup = std::mem::take(&mut self.lookup);
        let state = &self.entries[number].0;
        match &mut lookup {
            Lookup::Dense(entries) => entries[self.key(state)] = number as u32,
            Lookup::Sparse { places, count } => {
                if (*count + 1) * 2 > places.len() {
                    let old = std::mem::replace(places, vec![NONE; places.len() * 2]);
                    for number in old.into_iter().filter(|number| *number != NONE) {
                        let at = self.place(places, &self.entries[number as usize].0);
                        places[at] = number;
                    }
                }
                let at = self.place(places, state);
                *count += usize::from(places[at] == NONE);
                places[at] = number as u32;
            }
        }
        self.lookup = lookup;
    }

    pub(super) fn seen(&self, place: Place) -> Seen<'_> {
        match self.depends.iter().find(|it| it.place == place) {
            None => Seen::Nothing,
            Some(Dependence { classes: None, .. }) => Seen::Whole,
            Some(Dependence { classes: Some(classes), .. }) => Seen::Classes(classes),
        }
    }

    pub(super) fn depend_on_all_of(&mut self, place: Place) {
        self.refined += usize::from(!self.entries.is_empty());
        self.depends.retain(|it| it.place != place);
        self.depends.push(Dependence { place, classes: None, count: u64::MAX, stride: 0 });
        self.rebuild();
    }

    /// Sees at least what another row sees.
    pub(super) fn see_like(&mut self, other: &Self) {
        for Dependence { place, classes, .. } in &other.depends {
            match (self.seen(*place), classes) {
                (Seen::Whole, _) => {}
                (_, None) => self.depend_on_all_of(*place),
                (_, Some(classes)) => self.tell_apart(*place, classes),
            }
        }
    }

    /// Tells cells of a place apart that are of different classes.
    fn tell_apart(&mut self, place: Place, others: &[u32]) {
        self.refined += usize::from(!self.entries.is_empty());
        let dependence = self.dependence(place, others.len());
        let own = dependence.classes.as_mut().expect("it was not seen as a whole");
        let mut pairs = Vec::new();
        for (class, other) in own.iter_mut().zip(others) {
            let pair = (*class, *other);
            let at = pairs.iter().position(|known| *known == pair).unwrap_or_else(|| {
                pairs.push(pair);
                pairs.len() - 1
            });
            *class = at as u32;
        }
        dependence.count = pairs.len() as u64;
        self.rebuild();
    }

    /// What the row sees of a state.
    pub(super) fn sees(&self, state: &[u32]) -> Vec<u32> {
        self.depends.iter().map(|it| it.class(state[it.place])).collect()
    }

    /// A place has too many cells for classes.
    pub(super) fn give_up_classes(&mut self, place: Place) {
        if matches!(self.seen(place), Seen::Classes(_)) {
            self.depend_on_all_of(place);
        }
    }

    /// Gives each of these groups of cells of a place a class of its own.
    pub(super) fn split(&mut self, place: Place, known: usize, groups: &[Vec<u32>]) {
        self.refined += usize::from(!self.entries.is_empty());
        let dependence = self.dependence(place, known);
        let classes = dependence.classes.as_mut().expect("places with few cells have classes");
        for group in groups {
            for cell in group {
                classes[*cell as usize] = dependence.count as u32;
            }
            dependence.count += 1;
        }
        self.rebuild();
    }

    /// Finds the class of a new cell of a place, given for the first entries whether their outcomes are the same with it.
    pub(super) fn meet(&mut self, place: Place, cell: usize, agreeing: &[bool]) {
        let is_seen = !matches!(self.seen(place), Seen::Nothing);
        if matches!(self.seen(place), Seen::Whole) || (!is_seen && agreeing.iter().all(|same| *same)) {
            return;
        }
        let states: Vec<u32> = self.entries.iter().map(|(state, _)| state[place]).collect();
        let dependence = self.dependence(place, cell);
        let classes = dependence.classes.as_mut().expect("it was not seen as a whole");
        let fits = |class: &u32| {
            let mut of_class =
                states.iter().zip(agreeing).filter(|(cell, _)| classes[**cell as usize] == *class);
            of_class.all(|(_, same)| *same)
        };
        let class = (0..dependence.count as u32).find(fits);
        dependence.count += u64::from(class.is_none());
        classes.push(class.unwrap_or(dependence.count as u32 - 1));
        self.rebuild();
    }

    /// How often what was taken for alike was told apart while there were entries.
    pub(super) fn refined(&self) -> usize {
        self.refined
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The cells of a place, of so many known ones, that the row takes for the same as one of them.
    pub(super) fn alike(&self, place: Place, cell: u32, known: usize) -> Vec<u32> {
        match self.seen(place) {
            Seen::Whole => Vec::new(),
            Seen::Nothing => (0..known as u32).collect(),
            Seen::Classes(classes) => {
                let known = 0..known.min(classes.len()) as u32;
                known.filter(|other| classes[*other as usize] == classes[cell as usize]).collect()
            }
        }
    }

    fn dependence(&mut self, place: Place, known: usize) -> &mut Dependence {
        let at = self.depends.iter().position(|it| it.place == place).unwrap_or_else(|| {
            self.depends.push(Dependence { place, classes: Some(vec![0; known]), count: 1, stride: 0 });
            self.depends.len() - 1
        });
        &mut self.depends[at]
    }

    fn rebuild(&mut self) {
        let mut stride = 1_u64;
        for dependence in &mut self.depends {
            dependence.stride = stride as usize;
            stride = stride.saturating_mul(dependence.count);
        }
        self.lookup = Lookup::with_room_for(stride);
        for number in 0..self.entries.len() {
            self.file(number);
        }
    }
}

impl Dependence {
    #[inline]
    fn class(&self, cell: u32) -> u32 {
        self.classes.as_ref().map_or(cell, |classes| classes[cell as usize])
    }
}

/// Where the entries are found, by their numbers in the row.
#[derive(Debug, Clone)]
enum Lookup {
    /// At the number of their combination of classes.
    Dense(Vec<u32>),
    /// Where the hash of the combination says, or in the next free place after that.
    Sparse { places: Vec<u32>, count: usize },
}

const NONE: u32 = u32::MAX;
const DENSE_MAX: u64 = 1 << 12;

impl Default for Lookup {
    fn default() -> Self {
        Self::Dense(vec![NONE])
    }
}

impl Lookup {
    fn with_room_for(keys: u64) -> Self {
        if keys <= DENSE_MAX {
            Self::Dense(vec![NONE; keys as usize])
        } else {
            Self::Sparse { places: vec![NONE; 64], count: 0 }
        }
    }
}
