package storage

import "github.com/pontage/pontage"

// What this package promises, checked by the compiler.
var (
	_ pontage.Store  = (*Store)(nil)
	_ pontage.Reader = reader{}
	_ pontage.Tx     = tx{}
)
