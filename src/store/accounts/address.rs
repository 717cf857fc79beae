//! From where somebody acts, as far as the log keeps it.

use std::net::IpAddr;

use crate::domain::actor::AddressClass;

/// The class of an address, however it is written.
#[must_use]
pub fn class_of_address(address: IpAddr) -> AddressClass {
    let address = address.to_canonical();
    let is_private = match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    if address.is_loopback() {
        AddressClass::Loopback
    } else if is_private {
        AddressClass::Private
    } else {
        AddressClass::Public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_fall_into_classes_however_they_are_written() {
        for (address, class) in [
            ("127.0.0.1", AddressClass::Loopback),
            ("::1", AddressClass::Loopback),
            ("::ffff:127.0.0.1", AddressClass::Loopback),
            ("10.1.2.3", AddressClass::Private),
            ("::ffff:192.168.0.9", AddressClass::Private),
            ("fd00::1", AddressClass::Private),
            ("fe80::1", AddressClass::Private),
            ("8.8.8.8", AddressClass::Public),
            ("2001:db8::1", AddressClass::Public),
        ] {
            assert_eq!(class_of_address(address.parse().unwrap()), class, "{address}");
        }
    }
}
