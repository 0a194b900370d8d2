package proxy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Files of the authority in the sandbox's directory.
const (
	CAFile    = "ca.pem"
	caKeyFile = "ca-key.pem"
)

const (
	// backdate keeps certificates valid for a client whose clock is behind.
	backdate   = 24 * time.Hour
	caLifetime = 10 * 365 * 24 * time.Hour
	// leafLifetime stays under the 398 days some clients permit.
	leafLifetime = 365 * 24 * time.Hour
)

// Authority mints certificates for host names. It is the sandbox's own: nobody
// trusts it who was not told to.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
	now  func() time.Time
	// leafKey is shared by all names: one key is as good as many here, and
	// making keys is what would cost.
	leafKey *ecdsa.PrivateKey

	mu     sync.Mutex
	leaves map[string]*tls.Certificate
}

// OpenAuthority reads the authority of a directory, or makes one. now is the
// time of the clients that check certificates, hence the machine's.
func OpenAuthority(dir string, now func() time.Time) (*Authority, error) {
	a := &Authority{now: now, leaves: map[string]*tls.Certificate{}}
	err := a.read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = a.create(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("the sandbox's certificate authority: %w", err)
	}
	a.leafKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return a, err
}

// PEM is the authority's certificate, for clients to trust.
func (a *Authority) PEM() []byte { return a.pem }

func (a *Authority) read(dir string) error {
	keyPEM, err := os.ReadFile(filepath.Join(dir, caKeyFile))
	if err != nil {
		return err
	}
	if a.pem, err = os.ReadFile(filepath.Join(dir, CAFile)); err != nil {
		return err
	}
	keyBlock, _ := pem.Decode(keyPEM)
	certBlock, _ := pem.Decode(a.pem)
	if keyBlock == nil || certBlock == nil {
		return errors.New("its files hold no PEM")
	}
	if a.key, err = x509.ParseECPrivateKey(keyBlock.Bytes); err != nil {
		return err
	}
	a.cert, err = x509.ParseCertificate(certBlock.Bytes)
	return err
}

// create makes an authority that may sign host certificates and nothing below.
func (a *Authority) create(dir string) error {
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	now := a.now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "snapferry sandbox", Organization: []string{"snapferry"}},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(caLifetime),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		return err
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	keyDER, err := x509.MarshalECPrivateKey(a.key)
	if err != nil {
		return err
	}
	a.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
	// The key goes last: it is what says that the authority is whole.
	if err := os.WriteFile(filepath.Join(dir, CAFile), a.pem, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, caKeyFile), keyPEM, 0o600)
}

// Certificate is the certificate for one host name or address.
func (a *Authority) Certificate(host string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if c := a.leaves[host]; c != nil && now.Before(c.Leaf.NotAfter.Add(-backdate)) {
		return c, nil
	}
	serial := sha256.Sum256([]byte(host + now.String()))
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial[:16]), Subject: pkix.Name{CommonName: shortened(host)},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(leafLifetime),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		AuthorityKeyId: a.cert.SubjectKeyId, BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, a.leafKey.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("mint a certificate for %s: %w", host, err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	c := &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: a.leafKey, Leaf: leaf}
	a.leaves[host] = c
	return c, nil
}

// shortened fits a name into a common name, which holds 64 characters; clients
// look at the alternative names only.
func shortened(host string) string {
	if len(host) > 64 {
		return host[:64]
	}
	return host
}
