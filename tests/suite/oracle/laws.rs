//! Laws that no verdict may break.
