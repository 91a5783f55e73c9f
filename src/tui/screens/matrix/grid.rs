//! How the room is shared out: the permissions' names at the left, so many roles beside them, so many
//! rows, and the foot that explains the cell.

/// The layout of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// The columns of the permissions' names.
    pub(super) label: u16,
    /// The columns of each role, the gap included.
    pub(super) pitch: u16,
    /// How many roles are in view.
    pub(super) across: usize,
    /// How many rows are in view.
    pub(super) rows: u16,
    /// The lines of the foot, its rule included.
    pub(super) foot: u16,
}

/// The lines above the rows: two for a role's name, one for its type.
pub(super) const HEAD: u16 = 3;

/// The narrowest a role's column can be: the longest cell, `Subs∩Roles`, with its mark.
const NARROWEST: u16 = 11;
const WIDEST: u16 = 16;

impl Grid {
    /// The layout of a room for so many roles.
    pub(super) fn of(width: u16, height: u16, roles: usize) -> Self {
        let label = (width * 28 / 100).clamp(22, 46);
        let room = width.saturating_sub(label);
        let across = usize::from(room / NARROWEST).max(1).min(roles.max(1));
        let pitch = u16::try_from(usize::from(room) / across).unwrap_or(WIDEST).clamp(NARROWEST, WIDEST);
        let foot = if height >= 34 { 9 } else { 5 };
        Self { label, pitch, across, rows: height.saturating_sub(HEAD + foot).max(1), foot }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_room_shows_several_roles_and_a_wide_one_more() {
        let small = Grid::of(78, 19, 12);
        assert_eq!((small.label, small.across, small.rows), (22, 5, 11));
        let wide = Grid::of(158, 40, 12);
        assert!(wide.across >= 9 && wide.rows >= 28, "{wide:?}");
        assert!(Grid::of(158, 40, 2).pitch == WIDEST);
        assert!(Grid::of(1, 1, 0).rows == 1);
    }
}
