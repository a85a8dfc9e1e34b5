package server

import (
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/openapi/token"
)

// ShowReceipt gives a receipt as GET /calls/{id} answers it, with the catalogue's names; it marshals to that JSON.
func (i *Instance) ShowReceipt(r *meter.Receipt) any { return token.Receipt(r, i.Catalog) }
