// Package option stands in for the SDK's own.
package option

type Call struct {
	Body          []byte
	Headers       map[string]string
	BaseURL, Key  string
	Unenvironment bool
}
type RequestOption func(*Call)

func WithRequestBody(kind string, body any) RequestOption {
	return func(call *Call) { call.Headers["content-type"], call.Body = kind, body.([]byte) }
}
func WithHeader(name, value string) RequestOption {
	return func(call *Call) { call.Headers[name] = value }
}
func WithAPIKey(key string) RequestOption   { return func(call *Call) { call.Key = key } }
func WithBaseURL(url string) RequestOption  { return func(call *Call) { call.BaseURL = url } }
func WithoutEnvironmentDefaults() RequestOption {
	return func(call *Call) { call.Unenvironment = true }
}
