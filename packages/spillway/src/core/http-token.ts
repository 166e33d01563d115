/** A token of HTTP (RFC 9110, 5.6.2): a method, the name of a header field. */
export const HTTP_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
