package partner

// Guard is what NewFetcher asks before it dials.
var Guard = guard
