package pontage

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// Typed ids: a prefix that names the kind, then 26 characters that sort by time of creation. A TokenID is 24 hex characters.
type (
	AccountID      string // acc_
	APIKeyID       string // key_
	ClientID       string // cli_
	SecretID       string // sec_
	APIID          string // api_
	APIRevisionID  string // rev_
	OperationID    string // opr_
	ScopeID        string // sco_
	ScopeSetID     string // set_
	LineageID      string // lin_
	TokenID        string // 24 hex characters, no prefix
	RefreshTokenID string // ref_
	CallID         string // cal_
	TransferID     string // tra_
	SubscriptionID string // sub_
	CallbackID     string // cbk_
	ErrorEntryID   string // err_
	RequestID      string // req_
	UserID         string // usr_
	SessionID      string // ses_
	RateHitID      string // hit_
	ConfirmationID string // cnf_
	MailID         string // mai_
	AuditID        string // aud_
	AddressID      string // adr_
	NotificationID string // ntf_
	RoleID         string // rol_
	MemberID       string // mem_
	DomainID       string // dom_
	DomainURLID    string // url_
)

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID is prefix + 48 bits of milliseconds + 80 random bits, in lower-case base 32.
func newID(prefix string, at time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(at.UnixMilli())<<16)
	rand.Read(b[6:])
	return prefix + idEncoding.EncodeToString(b[:])
}

// NewAccountID and its siblings make an id that sorts by at.
func NewAccountID(at time.Time) AccountID           { return AccountID(newID("acc_", at)) }
func NewAPIKeyID(at time.Time) APIKeyID             { return APIKeyID(newID("key_", at)) }
func NewClientID(at time.Time) ClientID             { return ClientID(newID("cli_", at)) }
func NewSecretID(at time.Time) SecretID             { return SecretID(newID("sec_", at)) }
func NewAPIID(at time.Time) APIID                   { return APIID(newID("api_", at)) }
func NewAPIRevisionID(at time.Time) APIRevisionID   { return APIRevisionID(newID("rev_", at)) }
func NewOperationID(at time.Time) OperationID       { return OperationID(newID("opr_", at)) }
func NewScopeID(at time.Time) ScopeID               { return ScopeID(newID("sco_", at)) }
func NewScopeSetID(at time.Time) ScopeSetID         { return ScopeSetID(newID("set_", at)) }
func NewLineageID(at time.Time) LineageID           { return LineageID(newID("lin_", at)) }
func NewRefreshTokenID(at time.Time) RefreshTokenID { return RefreshTokenID(newID("ref_", at)) }
func NewCallID(at time.Time) CallID                 { return CallID(newID("cal_", at)) }
func NewTransferID(at time.Time) TransferID         { return TransferID(newID("tra_", at)) }
func NewSubscriptionID(at time.Time) SubscriptionID { return SubscriptionID(newID("sub_", at)) }
func NewCallbackID(at time.Time) CallbackID         { return CallbackID(newID("cbk_", at)) }
func NewErrorEntryID(at time.Time) ErrorEntryID     { return ErrorEntryID(newID("err_", at)) }
func NewRequestID(at time.Time) RequestID           { return RequestID(newID("req_", at)) }
func NewUserID(at time.Time) UserID                 { return UserID(newID("usr_", at)) }
func NewSessionID(at time.Time) SessionID           { return SessionID(newID("ses_", at)) }
func NewRateHitID(at time.Time) RateHitID           { return RateHitID(newID("hit_", at)) }
func NewConfirmationID(at time.Time) ConfirmationID { return ConfirmationID(newID("cnf_", at)) }
func NewMailID(at time.Time) MailID                 { return MailID(newID("mai_", at)) }
func NewAuditID(at time.Time) AuditID               { return AuditID(newID("aud_", at)) }
func NewAddressID(at time.Time) AddressID           { return AddressID(newID("adr_", at)) }
func NewNotificationID(at time.Time) NotificationID { return NotificationID(newID("ntf_", at)) }
func NewRoleID(at time.Time) RoleID                 { return RoleID(newID("rol_", at)) }
func NewMemberID(at time.Time) MemberID             { return MemberID(newID("mem_", at)) }
func NewDomainID(at time.Time) DomainID             { return DomainID(newID("dom_", at)) }
func NewDomainURLID(at time.Time) DomainURLID       { return DomainURLID(newID("url_", at)) }

// NewTokenID is 48 bits of milliseconds and 48 random bits as 24 hex characters, the form the wire contract knows.
func NewTokenID(at time.Time) TokenID {
	var b [12]byte
	binary.BigEndian.PutUint64(b[:8], uint64(at.UnixMilli())<<16)
	rand.Read(b[6:])
	return TokenID(hex.EncodeToString(b[:]))
}

// Valid says whether id has the form of a token id: 24 lower-case hex characters.
func (id TokenID) Valid() bool {
	if len(id) != 24 {
		return false
	}
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
