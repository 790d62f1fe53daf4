import './ui/tokens.css';
import './ui/base.css';
import './ui/marks.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { queries } from './api/queries.js';
import { App } from './app.js';
import { BASE } from './lib/address.js';
import { applyTheme } from './shell/theme.js';

applyTheme();

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element for the console.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <BrowserRouter basename={BASE}>
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
);
