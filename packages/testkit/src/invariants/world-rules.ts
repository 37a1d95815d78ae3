/** What a world may do that relaxes an invariant. */
export interface WorldRules {
  /** Messages are spoilt: they may lead a user to an element of another pool, which refuses its cookie, for instance. */
  readonly mangled: boolean;
}
