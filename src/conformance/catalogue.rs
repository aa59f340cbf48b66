//! The form of the catalogues of planted bugs and of legal variants: a name, what it is about, what it does.

/// Declares the entries of a catalogue as an enum. Each line is the name in code, the name in words, the clause or
/// reading that it is about, and what it does. `about` names the method that tells the third.
macro_rules! catalogue {
    (
        $(#[$doc:meta])* $kind:ident, $(#[$order:meta])* ALL, $(#[$says_about:meta])* $about:ident;
        $($entry:ident $name:literal $of:literal $says:literal)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $kind { $(#[doc = $says] $entry),+ }

        impl $kind {
            $(#[$order])*
            pub const ALL: &[Self] = &[$(Self::$entry),+];

            /// Its name in words.
            pub fn name(self) -> &'static str {
                match self { $(Self::$entry => $name),+ }
            }

            $(#[$says_about])*
            pub fn $about(self) -> &'static str {
                match self { $(Self::$entry => $of),+ }
            }

            /// What it does, in one sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$entry => $says),+ }
            }
        }
    };
}

pub(super) use catalogue;
