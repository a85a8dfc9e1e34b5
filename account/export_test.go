package account

// Cheap lets a test log in a thousand times: the parameters of its passwords are as low as they can be.
func (s *Service) Cheap() { s.passwords.hashing = hashing{memory: 64, passes: 1, lanes: 1} }

// Strong goes back to the parameters of the product.
func (s *Service) Strong() { s.passwords.hashing = currentHashing }

// Hashings says how many passwords were hashed, how many at once at most, and how many may be.
func (s *Service) Hashings() (done, peak, most int) {
	return int(s.passwords.done.Load()), int(s.passwords.peak.Load()), cap(s.passwords.slots)
}

// CheckEmail is the rule for addresses.
func CheckEmail(email string) error { return checkEmail(email) }
