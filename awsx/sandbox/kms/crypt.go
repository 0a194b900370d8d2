package kms

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"maps"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

func (s *service) cryptOperations() map[string]wire.TargetOperation {
	return map[string]wire.TargetOperation{
		"Encrypt":                         operation(s, false, call.encrypt),
		"Decrypt":                         operation(s, false, call.decrypt),
		"GenerateDataKey":                 operation(s, false, func(c call, in dataKeyInput) (any, error) { return c.dataKey(in, true) }),
		"GenerateDataKeyWithoutPlaintext": operation(s, false, func(c call, in dataKeyInput) (any, error) { return c.dataKey(in, false) }),
	}
}

// mostPlain is the most that Encrypt takes, in bytes.
const mostPlain = 4096

// sealed is a ciphertext: the key it needs stands in it.
type sealed struct{ Key, Nonce, Text []byte }

// pairs make an encryption context out of its JSON form, which has the keys sorted.
func pairs(m map[string]string) []byte {
	if len(m) == 0 {
		return nil
	}
	b, err := json.Marshal(m)
	if err != nil {
		return nil // strings always can be
	}
	return b
}

func aead(k world.KMSKey) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Material)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func seal(k world.KMSKey, plain []byte, context map[string]string) ([]byte, error) {
	gcm, err := aead(k)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return json.Marshal(sealed{[]byte(k.ARN().String()), nonce, gcm.Seal(nil, nonce, plain, pairs(context))})
}

// use asks for a key to encrypt or decrypt with.
func (c call) use(ref string, context map[string]string) (world.KMSKey, error) {
	encryptionContext(c.facts, context)
	k, err := c.ask(ref, true)
	if err == nil {
		err = usable(k)
	}
	return k, err
}

func (c call) encrypt(in struct {
	KeyId             string
	Plaintext         []byte
	EncryptionContext map[string]string
},
) (any, error) {
	if n := len(in.Plaintext); n < 1 || n > mostPlain {
		return nil, invalid("1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to %d", mostPlain)
	}
	k, err := c.use(in.KeyId, in.EncryptionContext)
	if err != nil {
		return nil, err
	}
	text, err := seal(k, in.Plaintext, in.EncryptionContext)
	return map[string]any{"KeyId": k.ARN().String(), "CiphertextBlob": text, "EncryptionAlgorithm": keySpec}, err
}

// decrypt finds the key in the ciphertext. A wrong context is as wrong as wrong
// bytes: KMS does not say which.
func (c call) decrypt(in struct {
	KeyId             string
	CiphertextBlob    []byte
	EncryptionContext map[string]string
},
) (any, error) {
	broken := fault("InvalidCiphertextException", "")
	var s sealed
	if json.Unmarshal(in.CiphertextBlob, &s) != nil {
		return nil, broken
	}
	k, err := c.use(string(s.Key), in.EncryptionContext)
	if err != nil {
		return nil, err
	}
	if in.KeyId != "" {
		named, err := c.find(in.KeyId)
		if err != nil || named.ID != k.ID {
			return nil, fault("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.")
		}
	}
	gcm, err := aead(k)
	if err != nil {
		return nil, err
	}
	if len(s.Nonce) != gcm.NonceSize() {
		return nil, broken
	}
	plain, err := gcm.Open(nil, s.Nonce, s.Text, pairs(in.EncryptionContext))
	if err != nil {
		return nil, broken
	}
	return map[string]any{"KeyId": k.ARN().String(), "Plaintext": plain, "EncryptionAlgorithm": keySpec}, nil
}

type dataKeyInput struct {
	KeyId, KeySpec    string
	NumberOfBytes     int
	EncryptionContext map[string]string
}

// dataKey makes a key for data, open and closed. Everybody who works with KMS
// encrypts this way: the data never comes here.
func (c call) dataKey(in dataKeyInput, open bool) (any, error) {
	size := map[string]int{"AES_256": 32, "AES_128": 16}[in.KeySpec]
	if in.NumberOfBytes > 0 && in.KeySpec == "" {
		size = in.NumberOfBytes
	}
	if size < 1 || size > 1024 {
		return nil, invalid("Please specify either number of bytes or key spec.")
	}
	k, err := c.use(in.KeyId, in.EncryptionContext)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, size)
	if _, err := rand.Read(plain); err != nil {
		return nil, err
	}
	text, err := seal(k, plain, in.EncryptionContext)
	out := map[string]any{"KeyId": k.ARN().String(), "CiphertextBlob": text}
	if open {
		maps.Copy(out, map[string]any{"Plaintext": plain})
	}
	return out, err
}
