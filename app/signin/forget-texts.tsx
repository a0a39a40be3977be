'use client';
/** Whoever signs in next in this tab finds nothing of what was typed before. */
import { useEffect } from 'react';
import { forgetTexts } from '@/app/(portal)/desk/_parts/kept-text';

export function ForgetTexts() {
  useEffect(() => forgetTexts(), []);
  return null;
}
