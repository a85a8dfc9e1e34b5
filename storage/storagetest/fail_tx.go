package storagetest

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// Every writing method of a unit of work is a step.
var _ pontage.Tx = failingTx{}

func (f failingTx) InsertAccount(ctx context.Context, a pontage.Account) error {
	return f.step(func() error { return f.Tx.InsertAccount(ctx, a) })
}

func (f failingTx) UpdateAccount(ctx context.Context, a pontage.Account) error {
	return f.step(func() error { return f.Tx.UpdateAccount(ctx, a) })
}

func (f failingTx) NoteThreshold(ctx context.Context, t pontage.Threshold) (fresh bool, err error) {
	err = f.step(func() error { fresh, err = f.Tx.NoteThreshold(ctx, t); return err })
	return fresh, err
}

func (f failingTx) PutWalletLevel(ctx context.Context, account pontage.AccountID, topUp pontage.TransferID, level pontage.Money) error {
	return f.step(func() error { return f.Tx.PutWalletLevel(ctx, account, topUp, level) })
}

func (f failingTx) InsertAPIKey(ctx context.Context, k pontage.APIKey) error {
	return f.step(func() error { return f.Tx.InsertAPIKey(ctx, k) })
}

func (f failingTx) UpdateAPIKey(ctx context.Context, k pontage.APIKey) error {
	return f.step(func() error { return f.Tx.UpdateAPIKey(ctx, k) })
}

func (f failingTx) SetAccountAccess(ctx context.Context, account pontage.AccountID, access pontage.AccountAccess) error {
	return f.step(func() error { return f.Tx.SetAccountAccess(ctx, account, access) })
}

func (f failingTx) InsertClient(ctx context.Context, c pontage.Client) error {
	return f.step(func() error { return f.Tx.InsertClient(ctx, c) })
}

func (f failingTx) UpdateClient(ctx context.Context, c pontage.Client) error {
	return f.step(func() error { return f.Tx.UpdateClient(ctx, c) })
}

func (f failingTx) InsertClientSecret(ctx context.Context, s pontage.ClientSecret) error {
	return f.step(func() error { return f.Tx.InsertClientSecret(ctx, s) })
}

func (f failingTx) UpdateClientSecret(ctx context.Context, s pontage.ClientSecret) error {
	return f.step(func() error { return f.Tx.UpdateClientSecret(ctx, s) })
}

func (f failingTx) PutAPI(ctx context.Context, a pontage.API) error {
	return f.step(func() error { return f.Tx.PutAPI(ctx, a) })
}

func (f failingTx) PutScopes(ctx context.Context, scopes []pontage.Scope) error {
	return f.step(func() error { return f.Tx.PutScopes(ctx, scopes) })
}

func (f failingTx) PutOperations(ctx context.Context, operations []pontage.Operation) error {
	return f.step(func() error { return f.Tx.PutOperations(ctx, operations) })
}

func (f failingTx) ReplaceAnswers(ctx context.Context, api pontage.APIID, answers []pontage.Answer) error {
	return f.step(func() error { return f.Tx.ReplaceAnswers(ctx, api, answers) })
}

func (f failingTx) PutAPIDocument(ctx context.Context, d pontage.APIDocument) error {
	return f.step(func() error { return f.Tx.PutAPIDocument(ctx, d) })
}

func (f failingTx) InsertAPIRevision(ctx context.Context, r pontage.APIRevision) error {
	return f.step(func() error { return f.Tx.InsertAPIRevision(ctx, r) })
}

func (f failingTx) BumpCatalogVersion(ctx context.Context) error {
	return f.step(func() error { return f.Tx.BumpCatalogVersion(ctx) })
}

func (f failingTx) InsertScopeSet(ctx context.Context, s pontage.ScopeSet) error {
	return f.step(func() error { return f.Tx.InsertScopeSet(ctx, s) })
}

func (f failingTx) InsertLineage(ctx context.Context, l pontage.Lineage) error {
	return f.step(func() error { return f.Tx.InsertLineage(ctx, l) })
}

func (f failingTx) UpdateLineage(ctx context.Context, l pontage.Lineage) error {
	return f.step(func() error { return f.Tx.UpdateLineage(ctx, l) })
}

func (f failingTx) RevokeLineage(ctx context.Context, id pontage.LineageID, at time.Time) (bool, error) {
	return f.said(func() (bool, error) { return f.Tx.RevokeLineage(ctx, id, at) })
}

func (f failingTx) InsertToken(ctx context.Context, t pontage.Token) error {
	return f.step(func() error { return f.Tx.InsertToken(ctx, t) })
}

func (f failingTx) InsertRefreshToken(ctx context.Context, r pontage.RefreshToken) error {
	return f.step(func() error { return f.Tx.InsertRefreshToken(ctx, r) })
}

func (f failingTx) UseRefreshToken(ctx context.Context, id pontage.RefreshTokenID, at time.Time) (bool, error) {
	return f.said(func() (bool, error) { return f.Tx.UseRefreshToken(ctx, id, at) })
}

func (f failingTx) LockWallet(ctx context.Context, account pontage.AccountID) (*pontage.Wallet, error) {
	if err := f.of.step(); err != nil {
		return nil, err
	}
	return f.Tx.LockWallet(ctx, account)
}

func (f failingTx) UpdateWallet(ctx context.Context, w pontage.Wallet) error {
	return f.step(func() error { return f.Tx.UpdateWallet(ctx, w) })
}

func (f failingTx) InsertTransfers(ctx context.Context, transfers []pontage.Transfer) error {
	return f.step(func() error { return f.Tx.InsertTransfers(ctx, transfers) })
}

func (f failingTx) InsertSubscription(ctx context.Context, s pontage.Subscription) error {
	return f.step(func() error { return f.Tx.InsertSubscription(ctx, s) })
}

func (f failingTx) UpdateSubscription(ctx context.Context, s pontage.Subscription) error {
	return f.step(func() error { return f.Tx.UpdateSubscription(ctx, s) })
}

func (f failingTx) InsertCallback(ctx context.Context, c pontage.Callback) error {
	return f.step(func() error { return f.Tx.InsertCallback(ctx, c) })
}

func (f failingTx) InsertIdempotencyRecord(ctx context.Context, r pontage.IdempotencyRecord) error {
	return f.step(func() error { return f.Tx.InsertIdempotencyRecord(ctx, r) })
}

func (f failingTx) SetIdempotencyAnswer(ctx context.Context, id pontage.IdempotencyID, answer []byte) error {
	return f.step(func() error { return f.Tx.SetIdempotencyAnswer(ctx, id, answer) })
}

func (f failingTx) DeleteExpiredKeys(ctx context.Context, by time.Time, limit int) (int, error) {
	if err := f.of.step(); err != nil {
		return 0, err
	}
	return f.Tx.DeleteExpiredKeys(ctx, by, limit)
}

func (f failingTx) BeginVerification(ctx context.Context, at, before time.Time) (bool, error) {
	return f.said(func() (bool, error) { return f.Tx.BeginVerification(ctx, at, before) })
}

func (f failingTx) FinishVerification(ctx context.Context, v pontage.Verification) error {
	return f.step(func() error { return f.Tx.FinishVerification(ctx, v) })
}

func (f failingTx) InsertUser(ctx context.Context, u pontage.User) error {
	return f.step(func() error { return f.Tx.InsertUser(ctx, u) })
}

func (f failingTx) UpdateUser(ctx context.Context, u pontage.User) error {
	return f.step(func() error { return f.Tx.UpdateUser(ctx, u) })
}

func (f failingTx) InsertSession(ctx context.Context, s pontage.Session) error {
	return f.step(func() error { return f.Tx.InsertSession(ctx, s) })
}

func (f failingTx) TouchSession(ctx context.Context, id pontage.SessionID, at, before time.Time) error {
	return f.step(func() error { return f.Tx.TouchSession(ctx, id, at, before) })
}

func (f failingTx) EndSession(ctx context.Context, id pontage.SessionID, at time.Time) (bool, error) {
	return f.said(func() (bool, error) { return f.Tx.EndSession(ctx, id, at) })
}

func (f failingTx) EndSessions(ctx context.Context, user pontage.UserID, except pontage.SessionID, at time.Time) (int, error) {
	return f.counted(func() (int, error) { return f.Tx.EndSessions(ctx, user, except, at) })
}

func (f failingTx) TakeHit(ctx context.Context, h pontage.RateHit, limit int) (time.Time, error) {
	if err := f.of.step(); err != nil {
		return time.Time{}, err
	}
	return f.Tx.TakeHit(ctx, h, limit)
}

func (f failingTx) ReturnHits(ctx context.Context, ids []pontage.RateHitID) error {
	return f.step(func() error { return f.Tx.ReturnHits(ctx, ids) })
}

func (f failingTx) DeleteExpired(ctx context.Context, by time.Time, limit int) (int, error) {
	return f.counted(func() (int, error) { return f.Tx.DeleteExpired(ctx, by, limit) })
}

func (f failingTx) InsertConfirmation(ctx context.Context, c pontage.Confirmation) error {
	return f.step(func() error { return f.Tx.InsertConfirmation(ctx, c) })
}

func (f failingTx) UseConfirmation(ctx context.Context, id pontage.ConfirmationID, at time.Time) (bool, error) {
	return f.said(func() (bool, error) { return f.Tx.UseConfirmation(ctx, id, at) })
}

func (f failingTx) EndConfirmationsTo(ctx context.Context, email string, at time.Time) error {
	return f.step(func() error { return f.Tx.EndConfirmationsTo(ctx, email, at) })
}

func (f failingTx) EndConfirmationsOf(ctx context.Context, user pontage.UserID, at time.Time) error {
	return f.step(func() error { return f.Tx.EndConfirmationsOf(ctx, user, at) })
}

func (f failingTx) InsertMail(ctx context.Context, m pontage.Mail) error {
	return f.step(func() error { return f.Tx.InsertMail(ctx, m) })
}

func (f failingTx) LeaseMails(ctx context.Context, now, until time.Time, limit int) ([]pontage.Mail, error) {
	if err := f.of.step(); err != nil {
		return nil, err
	}
	return f.Tx.LeaseMails(ctx, now, until, limit)
}

func (f failingTx) UpdateMail(ctx context.Context, m pontage.Mail) error {
	return f.step(func() error { return f.Tx.UpdateMail(ctx, m) })
}

func (f failingTx) InsertAudit(ctx context.Context, entries ...pontage.AuditEntry) error {
	return f.step(func() error { return f.Tx.InsertAudit(ctx, entries...) })
}

func (f failingTx) InsertPostalAddress(ctx context.Context, a pontage.PostalAddress) error {
	return f.step(func() error { return f.Tx.InsertPostalAddress(ctx, a) })
}

func (f failingTx) UpdatePostalAddress(ctx context.Context, a pontage.PostalAddress) error {
	return f.step(func() error { return f.Tx.UpdatePostalAddress(ctx, a) })
}

func (f failingTx) DeletePostalAddress(ctx context.Context, id pontage.AddressID) error {
	return f.step(func() error { return f.Tx.DeletePostalAddress(ctx, id) })
}

func (f failingTx) ClearDefaultAddress(ctx context.Context, user pontage.UserID, kind pontage.AddressKind) error {
	return f.step(func() error { return f.Tx.ClearDefaultAddress(ctx, user, kind) })
}

func (f failingTx) InsertNotification(ctx context.Context, n pontage.Notification) error {
	return f.step(func() error { return f.Tx.InsertNotification(ctx, n) })
}

func (f failingTx) PutNotificationPreferences(ctx context.Context, user pontage.UserID, chosen []pontage.NotificationPreference) error {
	return f.step(func() error { return f.Tx.PutNotificationPreferences(ctx, user, chosen) })
}

func (f failingTx) UseCredential(ctx context.Context, id string, at, before time.Time) error {
	return f.step(func() error { return f.Tx.UseCredential(ctx, id, at, before) })
}

func (f failingTx) EndCredentials(ctx context.Context, account pontage.AccountID, at time.Time) error {
	return f.step(func() error { return f.Tx.EndCredentials(ctx, account, at) })
}

func (f failingTx) ForgetUser(ctx context.Context, user pontage.User) error {
	return f.step(func() error { return f.Tx.ForgetUser(ctx, user) })
}

func (f failingTx) ReadNotifications(ctx context.Context, user pontage.UserID, ids []pontage.NotificationID, at time.Time) (int, error) {
	return f.counted(func() (int, error) { return f.Tx.ReadNotifications(ctx, user, ids, at) })
}

func (f failingTx) StopRenewals(ctx context.Context, account pontage.AccountID, at time.Time) error {
	return f.step(func() error { return f.Tx.StopRenewals(ctx, account, at) })
}

func (f failingTx) LockClient(ctx context.Context, id pontage.ClientID) (*pontage.Client, error) {
	if err := f.of.step(); err != nil {
		return nil, err
	}
	return f.Tx.LockClient(ctx, id)
}

func (f failingTx) DeleteClient(ctx context.Context, id pontage.ClientID, at time.Time) error {
	return f.step(func() error { return f.Tx.DeleteClient(ctx, id, at) })
}

func (f failingTx) InsertMember(ctx context.Context, m pontage.Member) error {
	return f.step(func() error { return f.Tx.InsertMember(ctx, m) })
}

func (f failingTx) UpdateMember(ctx context.Context, m pontage.Member) error {
	return f.step(func() error { return f.Tx.UpdateMember(ctx, m) })
}

func (f failingTx) DeleteMember(ctx context.Context, id pontage.MemberID) error {
	return f.step(func() error { return f.Tx.DeleteMember(ctx, id) })
}

func (f failingTx) InsertRole(ctx context.Context, r pontage.Role) error {
	return f.step(func() error { return f.Tx.InsertRole(ctx, r) })
}

func (f failingTx) UpdateRole(ctx context.Context, r pontage.Role) error {
	return f.step(func() error { return f.Tx.UpdateRole(ctx, r) })
}

func (f failingTx) DeleteRole(ctx context.Context, id pontage.RoleID) error {
	return f.step(func() error { return f.Tx.DeleteRole(ctx, id) })
}

func (f failingTx) InsertDomain(ctx context.Context, d pontage.Domain) error {
	return f.step(func() error { return f.Tx.InsertDomain(ctx, d) })
}

func (f failingTx) UpdateDomain(ctx context.Context, d pontage.Domain) error {
	return f.step(func() error { return f.Tx.UpdateDomain(ctx, d) })
}

func (f failingTx) ClearPrimaryDomain(ctx context.Context, client pontage.ClientID) error {
	return f.step(func() error { return f.Tx.ClearPrimaryDomain(ctx, client) })
}

func (f failingTx) DeleteDomain(ctx context.Context, id pontage.DomainID) error {
	return f.step(func() error { return f.Tx.DeleteDomain(ctx, id) })
}

func (f failingTx) PutDomainLogo(ctx context.Context, id pontage.DomainID, png []byte) error {
	return f.step(func() error { return f.Tx.PutDomainLogo(ctx, id, png) })
}

func (f failingTx) InsertDomainURL(ctx context.Context, u pontage.DomainURL) error {
	return f.step(func() error { return f.Tx.InsertDomainURL(ctx, u) })
}

func (f failingTx) SetDomainURLActive(ctx context.Context, id pontage.DomainURLID, active bool) error {
	return f.step(func() error { return f.Tx.SetDomainURLActive(ctx, id, active) })
}

func (f failingTx) DeleteDomainURL(ctx context.Context, id pontage.DomainURLID) error {
	return f.step(func() error { return f.Tx.DeleteDomainURL(ctx, id) })
}

func (f failingTx) LinkSecret(ctx context.Context, link pontage.SecretDomain) (bool, error) {
	return f.said(func() (bool, error) { return f.Tx.LinkSecret(ctx, link) })
}

func (f failingTx) UnlinkSecret(ctx context.Context, link pontage.SecretDomain) (bool, error) {
	return f.said(func() (bool, error) { return f.Tx.UnlinkSecret(ctx, link) })
}

func (f failingTx) PutClientScopes(ctx context.Context, chosen []pontage.ClientScope) error {
	return f.step(func() error { return f.Tx.PutClientScopes(ctx, chosen) })
}

func (f failingTx) LockPlan(ctx context.Context, account pontage.AccountID) (*pontage.Plan, error) {
	if err := f.of.step(); err != nil {
		return nil, err
	}
	return f.Tx.LockPlan(ctx, account)
}

func (f failingTx) PutPlan(ctx context.Context, p pontage.Plan) error {
	return f.step(func() error { return f.Tx.PutPlan(ctx, p) })
}

func (f failingTx) DeletePlan(ctx context.Context, account pontage.AccountID) error {
	return f.step(func() error { return f.Tx.DeletePlan(ctx, account) })
}

func (f failingTx) PutPlayGrant(ctx context.Context, g pontage.PlayGrant) error {
	return f.step(func() error { return f.Tx.PutPlayGrant(ctx, g) })
}

func (f failingTx) PutEcho(ctx context.Context, e pontage.Echo, most int) error {
	return f.step(func() error { return f.Tx.PutEcho(ctx, e, most) })
}

func (f failingTx) DeleteEchoes(ctx context.Context, account pontage.AccountID) (int, error) {
	return f.counted(func() (int, error) { return f.Tx.DeleteEchoes(ctx, account) })
}
