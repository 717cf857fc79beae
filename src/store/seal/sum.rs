//! A sum over what stands in a table, in any order: a row is added or taken away without looking at the others.

use super::Mac;

/// A number of 256 bits, lowest digits first; what does not fit is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::store) struct Sum([u64; 4]);

impl Sum {
    /// The number in some bytes; digits that are missing are zero.
    pub(in crate::store) fn of(bytes: &[u8]) -> Self {
        let mut sum = Self::default();
        for (digit, bytes) in sum.0.iter_mut().zip(bytes.chunks(8)) {
            *digit = bytes.try_into().map_or(0, u64::from_le_bytes);
        }
        sum
    }

    pub(in crate::store) fn bytes(self) -> Vec<u8> {
        self.0.iter().flat_map(|digit| digit.to_le_bytes()).collect()
    }

    pub(in crate::store) fn plus(self, mac: Mac) -> Self {
        let (mut sum, mut carry) = (self, false);
        for (digit, more) in sum.0.iter_mut().zip(Self::of(&mac).0) {
            let (first, one) = digit.overflowing_add(more);
            let (second, two) = first.overflowing_add(u64::from(carry));
            (*digit, carry) = (second, one || two);
        }
        sum
    }

    pub(in crate::store) fn minus(self, mac: Mac) -> Self {
        let (mut sum, mut borrow) = (self, false);
        for (digit, less) in sum.0.iter_mut().zip(Self::of(&mac).0) {
            let (first, one) = digit.overflowing_sub(less);
            let (second, two) = first.overflowing_sub(u64::from(borrow));
            (*digit, borrow) = (second, one || two);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_does_not_ask_for_the_order_and_takes_back_what_it_was_given() {
        let macs: Vec<Mac> = (0..50_u8).map(|n| [n.wrapping_mul(41) ^ 0xF0; 32]).chain([[0xFF; 32]]).collect();
        let forward = macs.iter().fold(Sum::default(), |sum, mac| sum.plus(*mac));
        let backward = macs.iter().rev().fold(Sum::default(), |sum, mac| sum.plus(*mac));
        assert_eq!(forward, backward);
        assert_eq!(Sum::of(&forward.bytes()), forward);
        assert_eq!(macs.iter().fold(forward, |sum, mac| sum.minus(*mac)), Sum::default());
        assert_ne!(forward.minus([1; 32]), forward);
    }
}
