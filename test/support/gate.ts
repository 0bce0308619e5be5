/** Something that others wait for until it is opened. */
export interface Gate {
  open(): void;
  opened: Promise<void>;
}

export function createGate(): Gate {
  const gate: { open?: () => void } = {};
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  return { open: () => gate.open?.(), opened };
}
