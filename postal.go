package pontage

import "time"

// AddressKind says what an address is for.
type AddressKind string

// The kinds of address.
const (
	AddressStandard AddressKind = "standard"
	AddressBilling  AddressKind = "billing"
	AddressBusiness AddressKind = "business"
	AddressContract AddressKind = "contract"
	AddressMailing  AddressKind = "mailing"
	AddressShipping AddressKind = "shipping"
)

// AddressKinds lists them.
func AddressKinds() []AddressKind {
	return []AddressKind{AddressStandard, AddressBilling, AddressBusiness, AddressContract, AddressMailing, AddressShipping}
}

// PostalAddress is one of a person's addresses. Of each kind at most one is the default.
type PostalAddress struct {
	ID      AddressID
	UserID  UserID
	Default bool
	PostalFields
	CreatedAt time.Time
	UpdatedAt time.Time
}

// PostalFilter says which addresses a list shows; an empty kind and a nil Default do not narrow it.
type PostalFilter struct {
	Kind    AddressKind
	Default *bool
}

// PostalFields are what a person writes into an address. Kind and Country are needed, the rest may be empty.
type PostalFields struct {
	Kind AddressKind `json:"kind"`
	// Name is what the person calls the address.
	Name      string `json:"name,omitempty"`
	Company   string `json:"company,omitempty"`
	FirstName string `json:"firstName,omitempty"`
	LastName  string `json:"lastName,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
	// TaxNumber is the VAT id or another tax number, RegistrationNumber that of the trade register.
	TaxNumber          string `json:"taxNumber,omitempty"`
	RegistrationNumber string `json:"registrationNumber,omitempty"`
	// AccessCode helps at the door.
	AccessCode  string `json:"accessCode,omitempty"`
	Street      string `json:"street,omitempty"`
	HouseNumber string `json:"houseNumber,omitempty"`
	// Extra is a second line.
	Extra      string `json:"extra,omitempty"`
	PostalCode string `json:"postalCode,omitempty"`
	City       string `json:"city,omitempty"`
	Region     string `json:"region,omitempty"`
	// Country is ISO 3166-1 alpha-2.
	Country string `json:"country"`
}
