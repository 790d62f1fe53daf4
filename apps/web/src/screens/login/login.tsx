import './login.css';
import { useState, type FormEvent } from 'react';
import { useLogIn } from '../../api/session.js';
import { FaultNotice } from '../../ui/notices.js';

/** The login before every screen where people log in. After it the screen of the address shows. */
export default function Login() {
  const [id, setId] = useState('');
  const [key, setKey] = useState('');
  const logIn = useLogIn();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    logIn.mutate({ client_id: id.trim(), key }, { onError: () => setKey('') });
  };
  return (
    <main className="login">
      <form className="panel login__form" onSubmit={submit}>
        <h1>Log in to Drover</h1>
        {logIn.error && <FaultNotice error={logIn.error} />}
        <label>
          Client
          <input
            className="field"
            name="client_id"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
        </label>
        <label>
          Key
          <input
            className="field"
            name="key"
            type="password"
            autoComplete="current-password"
            required
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        </label>
        <button type="submit" className="button button--main" disabled={logIn.isPending}>
          {logIn.isPending ? 'Logging in' : 'Log in'}
        </button>
        <p className="muted small">
          An admin makes a client and its key with <code>drover clients create NAME --role submitter</code>.
        </p>
      </form>
    </main>
  );
}
