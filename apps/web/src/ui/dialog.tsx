import { Dialog as Base } from '@base-ui/react/dialog';
import type { KeyboardEvent, ReactNode } from 'react';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at its foot. */
  foot?: ReactNode;
  /** There is nothing in it to focus: the sheet itself takes the focus, so that keys scroll it. */
  isText?: boolean;
}

/** Enter in a field answers the question, as in any form: it presses the last button at the foot. */
function answerByEnter(event: KeyboardEvent<HTMLElement>): void {
  const { key, target, currentTarget } = event;
  if (key !== 'Enter' || !(target instanceof HTMLInputElement) || target.form !== null) return;
  event.preventDefault();
  currentTarget.querySelector<HTMLButtonElement>('.dialog__foot .button:last-child')?.click();
}

/** A question or a sheet above the page. Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children, foot, isText = false }: DialogProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="shade" />
        <Base.Popup className="dialog" onKeyDown={answerByEnter} {...(isText ? { tabIndex: 0 } : {})}>
          <Base.Title>{title}</Base.Title>
          {children}
          {foot && <div className="dialog__foot">{foot}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
