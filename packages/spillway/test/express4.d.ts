/** Express 4 beside Express 5: what the tests use of it looks alike. */
declare module 'express4' {
  export { default } from 'express'
}
