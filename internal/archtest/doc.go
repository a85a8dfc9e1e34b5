// Package archtest holds the house to its plan: which package may import which, where each vendor lives, where the clock may be
// read and where a float may stand. It has tests only.
package archtest
